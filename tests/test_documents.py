"""The documents and the code must say the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from procoder_cli.main import app
from procoder_tutor.settings import Settings


def variables(model: type[BaseModel], prefix: str = "PROCODER") -> Iterator[str]:
    """Environment variables of all settings, nested ones joined by `_`."""
    for name, field in model.model_fields.items():
        variable = f"{prefix}_{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from variables(field.annotation, variable)
        else:
            yield variable


@pytest.mark.parametrize("variable", list(variables(Settings)))
def test_the_readme_documents_every_setting(variable: str, repository: Path) -> None:
    assert f"| `{variable}` |" in (repository / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_no_setting_that_does_not_exist(repository: Path) -> None:
    lines = (repository / "README.md").read_text(encoding="utf-8").splitlines()
    named = {line.split("`")[1] for line in lines if line.startswith("| `PROCODER_")}
    assert named == set(variables(Settings))


def test_the_readme_names_every_command(repository: Path) -> None:
    text = (repository / "README.md").read_text(encoding="utf-8")
    commands = [
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    ]
    assert [name for name in commands if f"`procoder {name}" not in text] == []
