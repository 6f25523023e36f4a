"""The documents and the code must say the same."""

from pathlib import Path

from procoder_cli.main import app
from procoder_server.settings import leaves, variable
from procoder_server.settings_document import document
from procoder_tutor.settings import Settings


def test_the_readme_documents_the_settings_of_the_tutor(repository: Path) -> None:
    lines = (repository / "README.md").read_text(encoding="utf-8").splitlines()
    named = [line.split("`")[1] for line in lines if line.startswith("| `PROCODER_")]
    assert named == [variable(name) for name, _ in leaves(Settings)]


def test_the_page_of_settings_is_made_from_them(repository: Path) -> None:
    page = repository / "docs" / "settings.md"
    assert page.read_text(encoding="utf-8") == document(), "run `make settings`"


def test_the_readme_names_every_command(repository: Path) -> None:
    text = (repository / "README.md").read_text(encoding="utf-8")
    commands = [
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    ]
    assert [name for name in commands if f"`procoder {name}" not in text] == []
