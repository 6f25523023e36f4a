"""Keys of a team: who is let in, and when not any more."""

import hashlib
import json
from pathlib import Path

import pytest

from procoder_http.errors import StartupError
from procoder_http.keys import Keyring, add_key, read_keys, revoke_key

DIGEST = hashlib.sha256(b"x").hexdigest()


def _name(keyring: Keyring, secret: str) -> str | None:
    key = keyring.find(b"Bearer " + secret.encode())
    return key and key.name


def test_the_file_names_a_key_until_its_line_is_removed(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    ada, bob = add_key(file, "ada"), add_key(file, "bob")
    keyring = Keyring("own", file)
    assert [_name(keyring, key) for key in (ada, bob, "own")] == ["ada", "bob", "local"]
    assert ada not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text().splitlines()[0] + "\n")
    assert [_name(keyring, key) for key in (ada, bob, "own")] == ["ada", None, "local"]
    carol = add_key(file, "carol")
    assert _name(keyring, carol) == "carol"


@pytest.mark.parametrize("damage", ["{", None])
def test_a_file_that_breaks_lets_nobody_in(damage: str | None, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    ada = add_key(file, "ada")
    keyring = Keyring("own", file)
    if damage is None:
        file.unlink()
    else:
        file.write_text(damage)
    assert _name(keyring, ada) is None
    assert _name(keyring, "own") == "local"


@pytest.mark.parametrize(
    "header", [b"", b"own", b"Basic own", b"Bearer", b"Bearer ", b"Bearer own ", b"Bearer\xe9 own"]
)
def test_other_headers_let_nobody_in(header: bytes) -> None:
    assert Keyring("own").find(header) is None


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
        (json.dumps({"name": "ada", "sha256": DIGEST, "scopes": "all"}), "line 1 is not"),
        (json.dumps({"name": "ada", "sha256": DIGEST, "user": 7}), "line 1 is not"),
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


def test_a_key_has_a_user_and_scopes_and_is_revoked_by_name(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    laptop = add_key(file, "laptop", user="ada", scopes=["ask"])
    keyring = Keyring(None, file)
    found = keyring.find(b"bearer " + laptop.encode())
    assert found is not None
    assert (found.name, found.user, found.scopes) == ("laptop", "ada", frozenset({"ask"}))
    revoke_key(file, "laptop")
    assert keyring.find(b"bearer " + laptop.encode()) is None
    with pytest.raises(StartupError, match="no key named laptop"):
        revoke_key(file, "laptop")


@pytest.mark.parametrize("header", [b"", b"Bearer", b"Bearer "])
def test_a_service_without_a_token_lets_no_empty_key_in(header: bytes) -> None:
    assert Keyring(None).find(header) is None
