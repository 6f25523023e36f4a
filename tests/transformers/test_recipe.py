"""docs/fine-tuning.md: every command in it is run as it stands there, and the result is served."""

import json
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PROMPT = {"prompt": "def add(a, b):\n    return a + b\n", "max_tokens": 16, "temperature": 0}
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass
class Recipe:
    """The working folder after all steps, and what they printed."""

    folder: Path
    printed: dict[str, list[str]]
    hosts: list[list[str]]
    """Arguments of each `procoder host` in the page."""


@pytest.fixture(scope="module")
def recipe(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    """Every step in order."""
    folder = tmp_path_factory.mktemp("recipe")
    for name in ("examples", "server"):
        (folder / name).symlink_to(repository / name)
    page = (repository / "docs" / "fine-tuning.md").read_text(encoding="utf-8")
    commands = [
        shlex.split(line, comments=True)
        for block in _BLOCK.findall(page)
        for line in block.replace("\\\n", " ").splitlines()
        if line.strip()
    ]
    printed = {}
    for _, script, *arguments in (words for words in commands if words[0] == "python"):
        command = [sys.executable, script, *arguments]
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        printed[Path(script).stem] = done.stdout.splitlines()
    hosts = [words[2:] for words in commands if words[:2] == ["procoder", "host"]]
    return Recipe(folder, printed, hosts)


def test_the_page_has_every_script(repository: Path, recipe: Recipe) -> None:
    scripts = {path.stem for path in (repository / "examples" / "fine_tuning").glob("*.py")}
    assert set(recipe.printed) == scripts - {"pairs"}


def test_pairs_are_what_procoder_asks(recipe: Recipe) -> None:
    lines = (recipe.folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    assert len(pairs) > 30
    for pair in pairs:
        assert pair["prompt"].endswith('"""')
        assert pair["completion"].endswith('"""')
        # The answer must not stand in the question.
        assert pair["completion"].removesuffix('"""') not in pair["prompt"]


def test_the_loss_falls_also_on_what_was_held_out(recipe: Recipe) -> None:
    epochs = [json.loads(line) for line in recipe.printed["train"]]
    assert [epoch["epoch"] for epoch in epochs] == [0, 1, 2]
    assert epochs[0]["loss"] > epochs[1]["loss"] > epochs[2]["loss"]
    assert epochs[2]["held_out_loss"] < epochs[0]["held_out_loss"]


def test_the_check_sees_the_held_out_loss_fall(recipe: Recipe) -> None:
    (line,) = recipe.printed["check"]
    checked = json.loads(line)
    assert checked["held_out"] >= 3
    assert checked["adapted"] < checked["alone"]


def test_the_adapter_is_served_and_changes_the_answer(recipe: Recipe, serve) -> None:
    alone = ["--engine", "transformers", "--model", "tiny-llama"]
    answers, cards = {}, {}
    for name, arguments in zip(("alone", "adapted", "merged"), (alone, *recipe.hosts), strict=True):
        client = serve(*arguments, folder=recipe.folder)
        (cards[name],) = client.get("/v1/models").json()["data"]
        body = {"model": cards[name]["id"], **PROMPT}
        for _ in range(2):
            reply = client.post("/v1/completions", json=body)
            assert reply.status_code == 200, reply.text
            answers[name] = reply.json()
        usage = answers[name]["usage"]
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        assert cached == usage["prompt_tokens"] - 1 > 5
    texts = {name: answer["choices"][0]["text"] for name, answer in answers.items()}
    assert texts["adapted"] == texts["merged"] != texts["alone"]
    assert cards["adapted"]["id"] == "tiny-llama+adapter"
    assert len({card["procoder"]["digest"] for card in cards.values()}) == 3
    assert {card["procoder"]["engine"] for card in cards.values()} == {"transformers"}
