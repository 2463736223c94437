"""The audit of dependencies: strict if the service answers, otherwise no failure."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests import audit, run

GOOD: dict[str, Any] = {"name": "django", "version": "5.2.1", "vulns": []}
BAD: dict[str, Any] = {
    "name": "pypdf",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"], "description": ""}],
}
UNKNOWN = {"name": "amqp", "skip_reason": "Dependency not found"}


def judged(*packages: dict[str, Any]) -> audit.Verdict:
    return audit.judge(json.dumps({"dependencies": packages, "fixes": []}))


def test_an_advisory_is_a_failure_and_names_the_fixed_version() -> None:
    found = judged(GOOD, BAD)
    assert found.is_bad
    assert found.lines == ("pypdf 1.0: PYSEC-1, mended in 1.1",)


def test_a_package_that_the_service_does_not_know_is_bad_when_it_knows_others() -> None:
    found = judged(GOOD, UNKNOWN)
    assert found.is_bad
    assert "amqp" in found.lines[0]


def test_no_advisory_is_good() -> None:
    assert judged(GOOD) == audit.Verdict(("1 packages, no known vulnerability.",))


@pytest.mark.parametrize(
    "output",
    ["", "Traceback (most recent call last)", "[]", json.dumps({"dependencies": []})],
)
def test_without_an_answer_the_audit_says_so_and_succeeds(output: str) -> None:
    found = audit.judge(output)
    assert not found.is_bad
    assert "NOT AUDITED" in found.lines[0]
    assert not judged(UNKNOWN).is_bad
    assert "NOT AUDITED" in judged(UNKNOWN).lines[0]


def test_a_service_that_hangs_is_left_alone_after_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hang(command: list[str], *, timeout: float, **_: Any) -> None:
        assert timeout <= 20
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(subprocess, "run", hang)
    found = audit.audited()
    assert not found.is_bad
    assert "NOT AUDITED" in found.lines[0]


def test_a_bad_audit_fails_the_run_after_everything_else_has_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []

    def passes(heading: str, *_: Any, **__: Any) -> bool:
        ran.append(heading)
        return "pip-audit" not in heading

    monkeypatch.setattr(run, "passes", passes)
    monkeypatch.setattr(run, "provide_chromium", lambda: None)
    assert run.everything() == 1
    assert ran[-1] == "Tests"
    assert any("pip-audit" in heading for heading in ran[:-1])
