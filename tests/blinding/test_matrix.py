"""Every URL × every person × GET and POST has the answer in matrix.py."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.http import HttpResponseBase

from tests.blinding import addresses, harness
from tests.blinding.addresses import Address
from tests.blinding.capture import masked
from tests.blinding.harness import Browser
from tests.blinding.matrix import BY_NAME, NOT_OBJECTS, ROWS, SENT, TEAM, Row
from tests.blinding.world import World, build, make_cast

pytestmark = pytest.mark.django_db

ALL = [address for address in addresses.every() if not address.is_exempt]
LISTED = [address for address in ALL if address.name in BY_NAME]
IN_A_REVIEW = [address for address in LISTED if "review" in address.arguments]
WITH_OBJECTS = [a for a in IN_A_REVIEW if set(a.arguments) - NOT_OBJECTS]
# The body for the only API operation that writes.
VOTE = {"verdict": "include", "key": str(UUID(int=3))}
NO_SUCH = "zzzzzzzzzzzzzz"
PEOPLE = [*TEAM.split(), "rex", "eve", "anonymous"]


@pytest.fixture(scope="module")
def other(world: World) -> World:
    """Return the same kind of review with other people; Eve belongs to neither."""
    return build(make_cast("Another topic", tag="2"))


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Browser]:
    """Return a client for each person, logged in once."""
    found = {"anonymous": Browser()}
    for name in PEOPLE[:-1]:
        found[name] = Browser(harness.log_in(getattr(world.cast, name).user))
    return found


def send(client: Browser, method: str, url: str) -> HttpResponseBase:
    """Send one request and roll back its effects."""
    with harness.undone():
        if method == "get":
            return client.get(url)
        if url.startswith("/api/"):
            return client.post(url, VOTE, content_type="application/json")
        return client.post(url)


def allowed(row: Row, method: str) -> set[str]:
    return set(getattr(row, method).split())


def expected(row: Row, person: str, method: str) -> frozenset[int]:
    """Return the statuses that matrix.py allows."""
    if person == "anonymous":
        # Pages redirect to the login page; the API says that login is needed.
        return frozenset({401, 403} if row.name.startswith("api:") else {302})
    other_method = "post" if method == "get" else "get"
    is_offered = bool(allowed(row, method))
    if person in {"rex", "eve"} and person not in row.get.split():
        # 405 comes before the review is loaded, so it is the same for any review.
        return frozenset({404}) if is_offered else frozenset({404, 405})
    if person in allowed(row, method):
        if person in row.hidden_from.split():
            return frozenset({404})
        return frozenset({row.ok}) if method == "get" else SENT
    if not is_offered and person in allowed(row, other_method):
        return frozenset({405})
    # Members who may do neither: the role is refused before or after the method.
    return frozenset({403}) if is_offered else frozenset({403, 405})


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    missing = [addresses.missing_row(a) for a in ALL if a.name not in BY_NAME]
    assert not missing, "\n".join(missing)
    gone = set(BY_NAME) - {address.name for address in ALL}
    assert not gone, f"matrix.py has rows for URLs that are no more: {gone}"
    assert len(ROWS) == len(BY_NAME), "a URL has two rows"


def test_what_is_exempt_is_outside_of_reviews() -> None:
    exempt = [address for address in addresses.every() if address.is_exempt]
    assert exempt
    for address in exempt:
        assert not address.pattern.startswith(("r/", "api/v1/reviews")), address


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_each_person_gets_the_answer_of_the_table(
    world: World, clients: dict[str, Browser], address: Address
) -> None:
    row = BY_NAME[address.name]
    url = addresses.url(address, world.args)
    wrong = []
    for person in PEOPLE:
        for method in ("get", "post"):
            query = row.query if method == "get" else ""
            answer = send(clients[person], method, url + query)
            wanted = expected(row, person, method)
            if answer.status_code not in wanted:
                wrong.append(
                    f"{person} {method.upper()} {url}: {answer.status_code}, "
                    f"matrix.py says {sorted(wanted)}"
                )
            if answer.status_code == 302 and person == "anonymous":
                assert answer["Location"].startswith("/accounts/login/"), url
            if answer.status_code == 403 and person != "anonymous":
                assert b"does not allow you to" in answer.content, (person, url)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", WITH_OBJECTS, ids=lambda address: address.name)
def test_objects_of_another_review_are_like_objects_that_do_not_exist(
    world: World, other: World, address: Address
) -> None:
    """A lead may do everything in their own review and finds nothing of another."""
    row = BY_NAME[address.name]
    for here, there in ((world, other), (other, world)):
        client = Browser(harness.log_in(here.cast.dora.user))
        for codes, foreign in _one_foreign(address, row, here.args, there.args):
            url = addresses.url(address, codes, row)
            for method in ("get", "post"):
                if not allowed(row, method):
                    continue
                answer = send(client, method, url)
                nothing = send(client, method, url.replace(foreign, NO_SUCH))
                assert answer.status_code in {404, 409}, (method, url)
                told = masked(answer).body.replace(foreign.encode(), NO_SUCH.encode())
                assert told == masked(nothing).body, (method, url)


def _one_foreign(
    address: Address, row: Row, here: dict[str, str], there: dict[str, str]
) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the codes with one of them replaced by another review's, and its name."""
    for argument in address.arguments:
        if argument not in NOT_OBJECTS:
            code = row.args.get(argument, argument)
            yield {**here, code: there[code]}, there[code]


def test_strangers_are_told_the_same_as_of_a_review_that_does_not_exist(
    world: World, clients: dict[str, Browser]
) -> None:
    here = clients["eve"].get(f"/r/{world.cast.review.code}/")
    nowhere = clients["eve"].get("/r/nothing/")
    assert here.status_code == nowhere.status_code == 404
    assert masked(here).body == masked(nowhere).body
