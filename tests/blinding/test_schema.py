"""The API answers as its schema says, for every role (schemathesis).

Requests that fit the schema and requests that do not are sent to every operation by
every role, with codes of the own review, of another one and of none. Checked: no 5xx;
statuses, types and bodies as documented; nothing of another review; strangers get 404.
The number of examples is limited; ``DEEP=1`` runs more.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from unittest import mock

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from reviewapp.wsgi import application
from tests.blinding import harness, sample_files
from tests.blinding.world import World, build, make_cast

pytestmark = pytest.mark.django_db

DEEP = bool(os.environ.get("DEEP"))
EXAMPLES = 100 if DEEP else 8
ROLES = ["ada", "cleo", "dora", "lena", "olaf", "rex", "stranger", "anonymous"]
# Text that a page or file of the review would contain.
OUR_TITLE = "Peer workers in co-production"
THEIR_TITLE = "Kanarienvogel-8842"
HELD = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
OPERATIONS = [
    "reviews",
    "next_to_screen",
    "own_votes",
    "cast_vote",
    "flow",
    "export",
]
TOKEN = "a" * 32
Answers = Counter[tuple[str, int]]


@pytest.fixture(scope="module", autouse=True)
def one_connection() -> Iterator[None]:
    """Let requests share the connection, and with it the transaction, of the worlds."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def schema(world: World, one_connection: None) -> Any:
    """Return the schema as the program serves it."""
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", application)


@pytest.fixture(scope="module")
def other(world: World) -> World:
    """Return another review, whose records all have the canary in their titles."""

    def ris(numbers: Sequence[int]) -> bytes:
        return sample_files.ris(numbers).replace(
            b"TI  - ", f"TI  - {THEIR_TITLE} ".encode()
        )

    with mock.patch("tests.blinding.world.ris", ris):
        return build(make_cast(THEIR_TITLE, tag="9"))


@pytest.fixture(scope="module")
def sessions(world: World, other: World) -> dict[str, str]:
    """Return the session key of each role; "" for a visitor."""
    people = {name: getattr(world.cast, name) for name in ROLES[:6]}
    people["stranger"] = other.cast.eve
    keys = {name: harness.log_in(member.user) for name, member in people.items()}
    return {**keys, "anonymous": ""}


def operation_of(schema: Any, name: str) -> Any:
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.definition.raw["operationId"] == name:
            return operation
    raise AssertionError(f"The schema has no operation {name}.")


def test_every_operation_is_tried(schema: Any) -> None:
    found = [r.ok().definition.raw["operationId"] for r in schema.get_all_operations()]
    assert sorted(found) == sorted(OPERATIONS)


def codes(world: World, other: World, name: str) -> list[str]:
    """Return codes for an argument of a path: of our review, another one, and none."""
    if name == "round":
        return [world.shared[4], world.shared[5], other.shared[4], "zzzzzzzzzzzzzz"]
    if name == "stage":
        ours = [world.title.code, world.text.code]
        return [*ours, other.title.code, "zzzzzzzzzzzzzz"]
    return [world.cast.review.code] * 3 + [other.cast.review.code, "zzzzzzzzzzzzzz"]


def call(case: Any, session: str) -> Response:
    """Send the request like a program with a session, and roll back its effects."""
    # The token is sent like from a page's script: in a cookie and in a header.
    case.cookies = {"csrftoken": TOKEN, **({"sessionid": session} if session else {})}
    with harness.undone():
        sent = {**_plain(case), "X-CSRFToken": TOKEN}
        answer: Response = case.call(headers=sent, app=application)
        return answer
    raise AssertionError("unreachable")


def _plain(case: Any) -> dict[str, str]:
    """Return the drawn headers without those that identify the user."""
    given_ = dict(case.headers or {})
    own = {"cookie", "x-csrftoken", "host", "authorization"}
    return {k: v for k, v in given_.items() if k.lower() not in own}


def play(
    operation: Any, worlds: tuple[World, World], role: str, session: str, mode: Any
) -> Answers:
    """Send many requests; check every answer against the schema and the canaries."""
    world, other = worlds
    seen: Answers = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=not DEEP,
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def ask(case: Any, data: Any) -> None:
        for name in case.path_parameters or {}:
            drawn = st.sampled_from(codes(world, other, name))
            kept = case.path_parameters[name]
            case.path_parameters[name] = data.draw(drawn | st.just(kept))
        answer = call(case, session)
        seen[answer.request.method or "", answer.status_code] += 1
        case.validate_response(answer, checks=HELD)
        _nothing_foreign(case, answer, world, role)

    ask()
    return seen


def _nothing_foreign(case: Any, answer: Response, world: World, role: str) -> None:
    text = (answer.content or b"").decode("utf-8", "replace")
    if role != "stranger":
        assert THEIR_TITLE not in text, (
            f"{role}: another review in {case.formatted_path}"
        )
    if role in {"rex", "stranger", "anonymous"}:
        assert "Peer support" not in text, case.formatted_path
        assert OUR_TITLE not in text or role == "rex", case.formatted_path
        if "review" in (case.path_parameters or {}):
            assert answer.status_code != 200 or (
                role == "stranger"
                and case.path_parameters["review"] != world.cast.review.code
            ), f"{role} got {case.formatted_path}"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_the_api_answers_as_its_schema_says(
    schema: Any,
    world: World,
    other: World,
    sessions: dict[str, str],
    name: str,
    role: str,
) -> None:
    operation, seen = operation_of(schema, name), Counter()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        seen += play(operation, (world, other), role, sessions[role], mode)
    statuses = {status for _, status in seen}
    assert sum(seen.values()) >= EXAMPLES, "vacuous: hardly anything was asked"
    if role == "anonymous":
        assert statuses <= {400, 401, 403, 404, 405, 415}, seen
    if role == "dora" and name in {"flow", "reviews"}:
        assert 200 in statuses, f"vacuous: nothing was answered: {seen}"
