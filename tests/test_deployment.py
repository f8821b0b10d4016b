"""The files by which the bot is deployed fit the API that they speak to, and the bot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.settings import PREFIX, Settings
from bot.store import is_shared

ROOT = Path(__file__).parent.parent
OBJECTS: list[dict[str, Any]] = [
    each
    for path in sorted((ROOT / "deploy/kubernetes").glob("*.yaml"))
    for each in yaml.safe_load_all(path.read_text())
]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
PODS = [each for each in OBJECTS if each["kind"] in {"Deployment", "StatefulSet"}]


def _name(each: dict[str, Any]) -> str:
    return f"{each['kind']}/{each['metadata']['name']}"


@pytest.mark.parametrize("version", ["1.31", kubernetes_validate.latest_version()])
@pytest.mark.parametrize("manifest", OBJECTS, ids=_name)
def test_kubernetes_takes_the_manifest(manifest: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


def test_workers_are_a_stateful_set_and_receivers_are_not() -> None:
    assert {each["kind"]: _container(each)["args"] for each in PODS} == {
        "StatefulSet": ["worker"],
        "Deployment": ["receiver"],
    }


@pytest.mark.parametrize("manifest", PODS, ids=_name)
def test_a_pod_is_probed_limited_and_locked(manifest: dict[str, Any]) -> None:
    pod, container = manifest["spec"]["template"]["spec"], _container(manifest)
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["resources"]["limits"]["memory"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["automountServiceAccountToken"] is False
    assert _policies_in(manifest), "nothing limits who may connect"


def test_a_pod_gets_longer_to_end_than_its_jobs() -> None:
    [settings] = [each["data"] for each in OBJECTS if each["kind"] == "ConfigMap"]
    [worker] = [each for each in PODS if each["kind"] == "StatefulSet"]
    patience = worker["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert patience > int(settings[f"{PREFIX}STOP_SECONDS"]) + 20


def test_the_bot_knows_every_setting_that_the_files_name() -> None:
    named = {
        *COMPOSE["x-bot"]["environment"],
        *(name for each in OBJECTS if each["kind"] == "ConfigMap" for name in each["data"]),
        *(entry["name"] for each in PODS for entry in _container(each).get("env", [])),
    }
    assert named <= {f"{PREFIX}{name}".upper() for name in Settings.model_fields}


def test_compose_runs_one_receiver_two_workers_and_a_postgres() -> None:
    services = COMPOSE["services"]
    assert services.keys() == {"receiver", "worker", "postgres"}
    assert services["receiver"]["command"] == ["receiver"]
    assert services["worker"]["command"] == ["worker"]
    assert services["worker"]["deploy"] == {"replicas": 2}
    assert is_shared(COMPOSE["x-bot"]["environment"]["CDK_MEDIC_DATABASE_URL"])


def _container(manifest: dict[str, Any]) -> dict[str, Any]:
    [container] = manifest["spec"]["template"]["spec"]["containers"]
    return dict(container)


def _policies_in(manifest: dict[str, Any]) -> list[str]:
    labels = manifest["spec"]["template"]["metadata"]["labels"].items()
    return [
        _name(each)
        for each in OBJECTS
        if each["kind"] == "NetworkPolicy"
        and "Ingress" in each["spec"]["policyTypes"]
        and each["spec"]["podSelector"]["matchLabels"].items() <= labels
    ]
