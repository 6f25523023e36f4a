"""Any server that speaks OpenAI's format is a model host: proved on llama.cpp's own."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xllamacpp

from procoder_model_host.store.store import ModelStore

KEY = "a-key-of-the-upstream"
Explain = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def upstream(model_store: Path) -> Iterator[str]:
    """Base URL of llama.cpp's server, which knows nothing of ProCoder."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(ModelStore(model_store / "models").path("smollm2-135m"))
    parameters.model_alias = {"somebody-elses-model"}
    parameters.n_ctx = 4096
    parameters.n_parallel = 1
    parameters.warmup = False
    parameters.port = 0
    parameters.cpuparams.n_threads = 1
    parameters.api_keys = [KEY]
    server = xllamacpp.Server(parameters)
    yield str(server.listening_address)
    del server  # its destructor ends it


@pytest.fixture
def explain(
    upstream: str, isolated_environment: dict[str, str], repository: Path, tmp_path: Path
) -> Explain:
    """Run `procoder explain` against the upstream, with a key."""

    def run(key: str, *, suffix: str = "") -> subprocess.CompletedProcess[str]:
        token_file = tmp_path / "key"
        token_file.write_text(key)
        command = [sys.executable, "-P", "-m", "procoder_cli", "explain", "--json"]
        command += [str(repository / "examples" / "bank.py"), "--symbol", "Account.deposit"]
        runtime = tmp_path / "runtime"
        environment = {
            **isolated_environment,
            "PROCODER_HOST_URL": upstream + suffix,
            "PROCODER_HOST_TOKEN_FILE": str(token_file),
            "PROCODER_RUNTIME_DIR": str(runtime),
            "PROCODER_CACHE_PATH": str(tmp_path / "cache.sqlite3"),
        }
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert not runtime.exists() or not list(runtime.iterdir()), "it started a host"
        return done

    return run


def test_it_explains(explain: Explain) -> None:
    done = explain(KEY)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["model"] == "somebody-elses-model"
    assert answer["explanation"]
    assert answer["facts"]["name"] == "Account.deposit"
    assert answer["usage"]["prompt_tokens"] > 50
    assert 0 < answer["usage"]["completion_tokens"] <= 200


def test_its_base_url_may_end_as_openai_has_it(explain: Explain) -> None:
    assert explain(KEY, suffix="/v1/").returncode == 0


@pytest.mark.parametrize("key", ["wrong", ""])
def test_a_wrong_key_is_told(explain: Explain, key: str) -> None:
    done = explain(key)
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    assert error == {"message": "Invalid API Key", "advice": "Check `host.token_file`."}
