"""Settings from environment and overrides; a bad value is reported and falls back."""

import pytest

from procoder_tutor.questions import Level
from procoder_tutor.settings import load_settings


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL", "LEVEL", "LANGUAGE", "HOST_URL", "HOST_IDLE_TIMEOUT", "CACHE_PATH"):
        monkeypatch.delenv(f"PROCODER_{name}", raising=False)


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


def test_bad_environment_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCODER_LEVEL", "guru")
    monkeypatch.setenv("PROCODER_LANGUAGE", "es")
    settings, problems = load_settings()
    assert settings.level is Level.INTERMEDIATE
    assert settings.language == "es"
    assert "`level`" in problems[0]
