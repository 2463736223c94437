"""Attacks on reviews, objects and permissions of other people."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attack.caller import Answer, Caller
from tests.attack.ledger import Ledger
from tests.attack.site import Site
from tests.blinding import addresses
from tests.blinding.addresses import Address
from tests.blinding.matrix import BY_NAME, NOT_OBJECTS, OUTSIDE, TEAM, Row

# The body for the only API operation that writes.
VOTE = {"verdict": "include", "key": "00000000-0000-0000-0000-000000000003"}
OUTSIDE_NAMES = {row.name for row in OUTSIDE}


def of_reviews() -> Iterator[tuple[Address, Row]]:
    """Yield every URL inside a review with its row of the matrix."""
    for address in addresses.every():
        if not address.is_exempt and "review" in address.arguments:
            yield address, BY_NAME[address.name]


def ask(caller: Caller, method: str, url: str) -> Answer:
    """Send a request with a valid token."""
    if method == "GET":
        return caller.get(url)
    if url.startswith("/api/"):
        return caller.post_json(url, VOTE)
    return caller.post(url)


def strangers(site: Site, ledger: Ledger) -> None:
    """Request everything as the other review's lead, a removed member and a visitor."""
    title = site.ours.cast.review.title.encode()
    people = {
        "the lead of another review": site.stranger,
        "a removed member": site.people["rex"],
        "somebody not logged in": site.somebody(),
    }
    for address, row in of_reviews():
        url = addresses.url(address, site.ours.args, row)
        for who, caller in people.items():
            came = [ask(caller, method, url) for method in ("GET", "POST")]
            is_nobody = caller.name == "anonymous"
            held = all(_is_shut(answer, is_nobody=is_nobody) for answer in came)
            held = held and not any(title in answer.body for answer in came)
            ledger.tried(f"{who}: GET and POST {url}", _told(came), held)
    ours, nowhere = site.stranger.get(site.here()), site.stranger.get("/r/nothing/")
    is_same = len(ours.body) == len(nowhere.body) and ours.status == nowhere.status
    told = f"{ours.status}, {len(ours.body)} and {len(nowhere.body)} bytes"
    ledger.tried("a stranger's review beside one that is not there", told, is_same)


def _is_shut(answer: Answer, *, is_nobody: bool) -> bool:
    if not is_nobody:
        return answer.status in {404, 405}
    to_login = answer.location.startswith("/accounts/login/")
    return answer.status in {401, 403} or (answer.status == 302 and to_login)


def _told(came: list[Answer]) -> str:
    return ", ".join(str(answer).partition("?")[0] for answer in came)


def foreign_codes(site: Site, ledger: Ledger) -> None:
    """Put codes of another review into the URLs of a lead's own review."""
    dora = site.people["dora"]
    for address, row in of_reviews():
        for argument in address.arguments:
            if argument in NOT_OBJECTS:
                continue
            name = row.args.get(argument, argument)
            codes = {**site.ours.args, name: site.theirs.args[name]}
            url = addresses.url(address, codes, row)
            offered = [m for m in ("GET", "POST") if getattr(row, m.lower())]
            came = [ask(dora, method, url) for method in offered]
            held = all(answer.status in {404, 409} for answer in came)
            ledger.tried(f"a foreign {argument}: {url}", _told(came), held)


def roles(site: Site, ledger: Ledger) -> None:
    """Try everything that each role does not allow."""
    for address, row in of_reviews():
        url = addresses.url(address, site.ours.args, row)
        for name in TEAM.split():
            for method in ("GET", "POST"):
                offered = getattr(row, method.lower()).split()
                if name in offered:
                    continue
                answer = ask(site.people[name], method, url)
                held = answer.status in {403, 404, 405}
                role = getattr(site.ours.cast, name).role
                ledger.tried(f"{role} {name}: {method} {url}", answer, held)
