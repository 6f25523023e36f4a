"""Every overlay of docker/kubernetes, rendered by kustomize, held against Kubernetes' schemas."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from watched import metrics_in

OVERLAYS = ("local", "aws", "gcp", "azure", "gpu-vllm")
VERSIONS = ("1.30", "1.37")
FOREIGN = {"Certificate", "Issuer", "PrometheusRule", "ServiceMonitor"}
"""Kinds of cert-manager and the Prometheus operator, whose schemas are not at hand."""
OURS = ("api", "companion", "host", "worker")

Manifest = dict[str, Any]


@pytest.fixture(scope="module", params=OVERLAYS)
def rendered(
    request: pytest.FixtureRequest, docker: Path, tools: Path, tmp_path_factory: Any
) -> Path:
    """A file with what kustomize makes of an overlay."""
    said = subprocess.run(
        [tools / "kubectl", "kustomize", docker / "kubernetes" / "overlays" / request.param],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "deprecated" not in said.stderr
    file: Path = tmp_path_factory.mktemp("overlay") / f"{request.param}.yaml"
    file.write_text(said.stdout)
    return file


@pytest.fixture
def manifests(rendered: Path) -> list[Manifest]:
    return list(yaml.safe_load_all(rendered.read_text()))


def _templates(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """Yield name and pod template of whatever runs."""
    for manifest in manifests:
        template = manifest.get("spec", {}).get("template")
        if template is not None:
            yield f"{manifest['kind']} {manifest['metadata']['name']}", template


def _containers(template: Manifest) -> list[Manifest]:
    return [*template["spec"].get("initContainers", ()), *template["spec"]["containers"]]


def _named(manifests: list[Manifest], kind: str) -> Mapping[str, Manifest]:
    return {m["metadata"]["name"]: m for m in manifests if m["kind"] == kind}


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_valid(rendered: Path, tools: Path, version: str) -> None:
    said = subprocess.run(
        [tools / "kubernetes-validate", "--strict", "-k", version, rendered],
        capture_output=True,
        text=True,
        check=False,
    )
    words = said.stdout + said.stderr
    assert "ERROR" not in words, words
    assert set(re.findall(r"Couldn't find schema for kind (\w+)", words)) <= FOREIGN
    assert words.count(" passed for resource ") > 20


def test_every_pod_meets_the_restricted_standard(manifests: list[Manifest]) -> None:
    labels = _named(manifests, "Namespace")["procoder"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    for name, template in _templates(manifests):
        pod = template["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in _containers(template):
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"]["drop"] == ["ALL"]
            assert set(context["capabilities"].get("add", ())) <= {"NET_BIND_SERVICE"}


def test_everything_is_pinned_bounded_and_probed(manifests: list[Manifest]) -> None:
    for name, template in _templates(manifests):
        for container in _containers(template):
            assert re.search(r":v?\d+\.\d+\.\d+(-\w+)?$", container["image"]), name
            assert "memory" in container["resources"]["limits"], name
            assert {"cpu", "memory"} <= set(container["resources"]["requests"]), name
        if not name.startswith("Job"):
            for container in template["spec"]["containers"]:
                listens = "ports" in container
                assert not listens or {"readinessProbe", "livenessProbe"} <= set(container)


def test_a_host_is_ready_when_its_model_is_loaded(manifests: list[Manifest]) -> None:
    (host,) = _named(manifests, "Deployment")["host"]["spec"]["template"]["spec"]["containers"]
    path = "/health" if "vllm" in host["image"] else "/readyz"
    assert host["readinessProbe"]["httpGet"]["path"] == path
    assert host["startupProbe"]["httpGet"]["path"] == path
    patience = host["startupProbe"]["periodSeconds"] * host["startupProbe"]["failureThreshold"]
    assert patience >= 600


def test_what_is_named_is_there(manifests: list[Manifest]) -> None:
    configs, claims = _named(manifests, "ConfigMap"), _named(manifests, "PersistentVolumeClaim")
    for name, template in _templates(manifests):
        for volume in template["spec"].get("volumes", ()):
            if "configMap" in volume:
                assert volume["configMap"]["name"] in configs, name
            if "persistentVolumeClaim" in volume:
                assert volume["persistentVolumeClaim"]["claimName"] in claims, name
    labels = [template["metadata"]["labels"] for _, template in _templates(manifests)]
    selectors = [
        *(s["spec"]["selector"] for s in _named(manifests, "Service").values()),
        *(
            b["spec"]["selector"]["matchLabels"]
            for b in _named(manifests, "PodDisruptionBudget").values()
        ),
        *(
            p["spec"]["podSelector"].get("matchLabels", {})
            for p in _named(manifests, "NetworkPolicy").values()
        ),
    ]
    for selector in selectors:
        assert any(selector.items() <= has.items() for has in labels), selector
    services = [s["metadata"]["labels"] for s in _named(manifests, "Service").values()]
    for monitor in _named(manifests, "ServiceMonitor").values():
        wanted = monitor["spec"]["selector"]["matchLabels"]
        assert any(wanted.items() <= has.items() for has in services)


def test_the_site_has_one_name(manifests: list[Manifest]) -> None:
    site = _named(manifests, "ConfigMap")["procoder-settings"]["data"]["site"]
    ingress = _named(manifests, "Ingress")["procoder"]["spec"]
    assert [rule["host"] for rule in ingress["rules"]] == [site]
    assert [tls["hosts"] for tls in ingress["tls"]] == [[site]]
    certificate = _named(manifests, "Certificate")["procoder-front"]["spec"]
    assert certificate["dnsNames"] == [site]


def _callers(policy: Manifest) -> set[str]:
    """Return whom a policy lets in: names of parts, and of namespaces."""
    found = set()
    for rule in policy["spec"]["ingress"]:
        for peer in rule["from"]:
            (labels,) = (selector["matchLabels"] for selector in peer.values())
            found |= set(labels.values())
    return found


def test_the_network_is_closed_but_for_what_is_needed(manifests: list[Manifest]) -> None:
    policies = _named(manifests, "NetworkPolicy")
    closed = policies["nothing-unless-allowed"]["spec"]
    assert closed == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert _callers(policies["host"]) == {"procoder-api", "procoder-worker", "monitoring"}
    assert _callers(policies["api"]) == {"procoder-front", "monitoring"}
    assert _callers(policies["redis"]) == {"procoder-api", "procoder-worker"}
    assert _callers(policies["front"]) == {"ingress-nginx"}
    to_the_world = {
        name
        for name, policy in policies.items()
        if any("to" not in rule for rule in policy["spec"].get("egress", ()))
    }
    assert to_the_world == {"fetch-model"}


def test_no_secret_is_written_down(manifests: list[Manifest]) -> None:
    assert "Secret" not in {manifest["kind"] for manifest in manifests}
    for name, template in _templates(manifests):
        for container in _containers(template):
            for variable in container.get("env", ()):
                if re.search(r"PASSWORD|API_KEY$", variable["name"]):
                    assert "secretKeyRef" in variable["valueFrom"], name


@pytest.fixture(scope="module")
def made(docker: Path, tools: Path, tmp_path_factory: Any) -> set[str]:
    """The keys of the secret that docs/operate.md has made of docker/secrets."""
    folder: Path = tmp_path_factory.mktemp("secrets") / "secrets"
    environment = {**os.environ, "PROCODER_SECRETS": str(folder)}
    subprocess.run([docker / "secrets.sh"], env=environment, check=True)
    command = [tools / "kubectl", "create", "secret", "generic", "procoder-keys"]
    command += [f"--from-file={folder}", f"--from-file={folder / 'keys'}"]
    said = subprocess.run(
        [*command, "--dry-run=client", "--output=json"], capture_output=True, text=True, check=True
    )
    return set(json.loads(said.stdout)["data"])


def test_secrets_are_those_that_are_made(made: set[str], manifests: list[Manifest]) -> None:
    said = json.dumps(manifests)
    named = set(re.findall(r'"secretKeyRef": \{"key": "([^"]+)"', said))
    named |= set(re.findall(r'"credentials": \{"key": "([^"]+)"', said))
    named |= {
        item["key"]
        for _, template in _templates(manifests)
        for volume in template["spec"].get("volumes", ())
        for item in volume.get("secret", {}).get("items", ())
    }
    assert {"host_key", "redis_password"} <= named <= made


def test_rules_are_those_of_prometheus(docker: Path) -> None:
    rule = yaml.safe_load((docker / "kubernetes" / "base" / "prometheus-rule.yaml").read_text())
    files = sorted((docker / "prometheus" / "rules").glob("*.yml"))
    groups = [group for f in files for group in yaml.safe_load(f.read_text())["groups"]]
    assert rule["spec"]["groups"] == groups, "run docker/kubernetes/rules.sh"


def test_the_autoscaler_reads_what_is_recorded(docker: Path, tools: Path) -> None:
    kubernetes = docker / "kubernetes"
    adapter = yaml.safe_load((kubernetes / "prometheus-adapter.yaml").read_text())
    rules = {rule["name"]["as"]: rule for rule in adapter["rules"]["external"]}
    for rule in rules.values():
        assert metrics_in([rule["metricsQuery"]], tools) == {rule["seriesQuery"]}
    recorded = (docker / "prometheus" / "rules" / "recording.yml").read_text()
    wait = rules["procoder_queue_wait_p95_seconds"]["seriesQuery"]
    assert f"- record: {wait}\n" in recorded
    files = [kubernetes / "base" / "host.yaml", *kubernetes.glob("overlays/*/kustomization.yaml")]
    named = "".join(file.read_text() for file in files)
    assert all(name in named for name in rules)
