"""A thousand seeded secrets: hardly one gets out, code still parses, clean code stays clean."""

import ast
import sysconfig
from collections import Counter
from pathlib import Path

import pytest
from secrets_made import documented, leaks, made_secrets

from procoder_tutor.redaction import Redactor

SECRETS = made_secrets()
LEAST_CAUGHT = {"vendor": 0.99, "assignment": 0.95, "url": 0.95, "header": 0.95, "key": 0.95,
                "personal": 0.95}  # fmt: skip
CLEAN = (
    "argparse", "ast", "asyncio/tasks", "bisect", "collections/__init__", "configparser", "copy",
    "csv", "dataclasses", "datetime", "difflib", "enum", "functools", "getpass", "hashlib",
    "heapq", "hmac", "http/client", "http/cookies", "inspect", "json/decoder", "logging/__init__",
    "netrc", "pathlib", "random", "re/__init__", "secrets", "ssl", "statistics", "threading",
    "token", "typing", "urllib/parse", "urllib/request", "zipfile",
)  # fmt: skip
"""Standard-library modules; half of them handle passwords, tokens, keys, cookies or URLs."""
HITS_PER_100_KB = 2


@pytest.mark.parametrize("kind", sorted(LEAST_CAUGHT))
def test_seeded_secrets_are_not_sent(kind):
    made = [secret for secret in SECRETS if secret.kind == kind]
    leaked = [secret for secret in made if leaks(secret, Redactor().redact(secret.code).text)]
    assert len(made) >= 20
    assert 1 - len(leaked) / len(made) >= LEAST_CAUGHT[kind], leaked


def test_every_documented_format_is_caught_wherever_it_stands():
    vendors = Counter(row.vendor for row in documented())
    many = [made for made in made_secrets(seed=7, count=5000) if made.kind == "vendor"]
    leaked = [made.what for made in many if leaks(made, Redactor().redact(made.code).text)]
    assert len(vendors) >= 80
    assert {made.what for made in many} == {f"{r.vendor}: {r.template}" for r in documented()}
    assert len(leaked) <= 0.01 * len(many), Counter(leaked)


def test_code_parses_after_and_is_the_same_again_when_restored():
    for made in SECRETS:
        redactor = Redactor()
        sent = redactor.redact(made.code)
        ast.parse(sent.text)
        assert sent.text.count("\n") == made.code.count("\n")
        assert redactor.restore(sent.text) == made.code
        assert redactor.redact(sent.text).text == sent.text


def test_documents_of_many_secrets():
    for start in range(0, len(SECRETS), 40):
        some = SECRETS[start : start + 40]
        document = "\n".join(made.code for made in some)
        redactor = Redactor()
        sent = redactor.redact(document)
        ast.parse(sent.text)
        assert redactor.restore(sent.text) == document
        assert Redactor().redact(document) == sent
        assert sum(leaks(made, sent.text) for made in some) <= 2


def test_clean_code_stays_clean():
    folder = Path(sysconfig.get_path("stdlib"))
    paths = [path for name in CLEAN if (path := folder / f"{name}.py").exists()]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    hits = [hit for text in texts for hit in Redactor().redact(text).hits]
    assert len(paths) >= 30
    assert len(hits) * 100_000 <= HITS_PER_100_KB * sum(map(len, texts)), hits
