"""Keys of a team: who is let in, and when not any more."""

import hashlib
import json
from pathlib import Path

import pytest

from procoder_model_host.errors import StartupError
from procoder_model_host.web.keys import Keyring, add_key, read_keys

DIGEST = hashlib.sha256(b"x").hexdigest()


def _bearer(key: str) -> bytes:
    return b"Bearer " + key.encode()


def test_the_file_names_a_key_until_its_line_is_removed(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    ada, bob = add_key(file, "ada"), add_key(file, "bob")
    keyring = Keyring("own", file)
    assert [keyring.client(_bearer(key)) for key in (ada, bob, "own")] == ["ada", "bob", "local"]
    assert ada not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text().splitlines()[0] + "\n")
    assert [keyring.client(_bearer(key)) for key in (ada, bob, "own")] == ["ada", None, "local"]
    carol = add_key(file, "carol")
    assert keyring.client(_bearer(carol)) == "carol"


@pytest.mark.parametrize("damage", ["{", None])
def test_a_file_that_breaks_lets_nobody_in(damage: str | None, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    ada = add_key(file, "ada")
    keyring = Keyring("own", file)
    if damage is None:
        file.unlink()
    else:
        file.write_text(damage)
    assert keyring.client(_bearer(ada)) is None
    assert keyring.client(_bearer("own")) == "local"


@pytest.mark.parametrize(
    "header", [b"", b"own", b"Basic own", b"Bearer", b"Bearer ", b"Bearer own ", b"Bearer\xe9 own"]
)
def test_other_headers_let_nobody_in(header: bytes) -> None:
    assert Keyring("own").client(header) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ada", "line 1 is not"),
        ("[]", "line 1 is not"),
        (json.dumps({"name": "ada"}), "line 1 is not"),
        (json.dumps({"name": "ada", "sha256": DIGEST.upper()}), "line 1 is not"),
        (json.dumps({"name": "a b", "sha256": DIGEST}), "line 1 is not"),
        (json.dumps({"name": "ada", "sha256": DIGEST, "role": "root"}), "line 1 is not"),
        (json.dumps({"name": "local", "sha256": DIGEST}), "local is taken"),
        ((json.dumps({"name": "ada", "sha256": DIGEST}) + "\n") * 2, "line 2: the name ada"),
        ("\xff", "line 1 is not"),
    ],
)
def test_malformed_files_are_refused(line: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(StartupError, match=words):
        Keyring("own", file)


def test_a_file_that_others_can_write_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    add_key(file, "ada")
    file.chmod(0o666)
    with pytest.raises(StartupError, match="writable"):
        read_keys(file)


@pytest.mark.parametrize("name", ["", "local", "a b", "-x", "x" * 65, "ada"])
def test_names_that_cannot_be_added(name: str, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    add_key(file, "ada")
    with pytest.raises(StartupError):
        add_key(file, name)
