"""Settings from environment and overrides; a bad value is reported and falls back."""

import os

import pytest

from procoder_tutor import settings as settings_module
from procoder_tutor.questions import Level
from procoder_tutor.settings import load_settings


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PROCODER_")]:
        monkeypatch.delenv(name)


def test_overrides_win_over_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCODER_HOST_IDLE_TIMEOUT", "7")
    monkeypatch.setenv("PROCODER_HOST_URL", "http://a.example/v1/")
    monkeypatch.setenv("PROCODER_LEVEL", "expert")
    settings, problems = load_settings({"host": {"idle_timeout": 9}, "level": None})
    assert problems == ()
    assert settings.host.idle_timeout == 9
    assert settings.host.url == "http://a.example"
    assert settings.level is Level.EXPERT


@pytest.mark.parametrize(
    ("overrides", "part"),
    [
        ({"level": "guru"}, "`level`"),
        ({"language": "not a code"}, "`language`"),
        ({"host": {"url": "ftp://x"}}, "`host.url`"),
        ({"host": {"idle_timeout": -1}}, "`host.idle_timeout`"),
        ({"host": {"token_file": "x"}}, "needs host.url"),
        ({"host": 3}, "`host`"),
        ({"modle": "x"}, "no setting `modle`"),
        ({"cache": {"max_bytes": "many"}}, "`cache.max_bytes`"),
    ],
)
def test_bad_value_is_reported_and_the_rest_kept(overrides: dict[str, object], part: str) -> None:
    settings, problems = load_settings({"model": "mine", **overrides})
    assert settings.model == "mine"
    assert len(problems) == 1
    assert part in problems[0]
    rest = settings.model_dump(exclude={"model"})
    assert rest == load_settings()[0].model_dump(exclude={"model"})


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("redis://cache.example:6379/0", True),
        ("rediss://user:pass@cache.example/0?ssl_ca_certs=/etc/ca.pem", True),
        ("unix:///run/redis.sock?db=1", True),
        ("redis://[::1]:6379", True),
        ("http://cache.example", False),
        ("redis://", False),
        ("unix://", False),
        ("redis://:hunter2/3@cache.example:6379", False),
        ("redis://:hunter2@cache.example:port", False),
        ("redis://:hunter2@cache.example?socket_timeout=60", False),
        ("rediss://:hunter2@cache.example?ssl_cert_reqs=none", False),
        ("redis://:hunter2@cache.example?db=x", False),
        ("redis://:hunter2@cache.example?nonsense", False),
        ("redis://[::1", False),
    ],
)
def test_redis_url(monkeypatch: pytest.MonkeyPatch, url: str, *, taken: bool) -> None:
    monkeypatch.setenv("PROCODER_REDIS_URL", url)
    settings, problems = load_settings()
    kept = settings.redis.url
    assert (kept.get_secret_value() if kept else None) == (url if taken else None)
    assert [problem[:19] for problem in problems] == ([] if taken else ["Setting `redis.url`"])
    assert "hunter2" not in repr(settings) + "".join(problems)


def test_redis_without_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "find_spec", lambda name: None)
    settings, problems = load_settings({"redis": {"url": "redis://cache.example"}})
    assert settings.redis.url is None
    assert "procoder[redis]" in problems[0]


def test_bad_environment_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCODER_LEVEL", "guru")
    monkeypatch.setenv("PROCODER_LANGUAGE", "es")
    settings, problems = load_settings()
    assert settings.level is Level.INTERMEDIATE
    assert settings.language == "es"
    assert "`level`" in problems[0]
