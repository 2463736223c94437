"""`./dev attack [NAME …]`: run all or some attacks; status 1 if one succeeds."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence

from tests.attack.ledger import Ledger
from tests.attack.site import Site, running


def attacks() -> dict[str, Callable[[Site, Ledger], None]]:
    """Return the attacks by name, in order; the last ones change the data."""
    from tests.attack import (
        content,
        factors,
        forgery,
        people,
        reach,
        stuffing,
        tenants,
        uploads,
        wire,
    )

    return {
        "headers": wire.headers,
        "caches": reach.caches,
        "origins": reach.origins,
        "paths": wire.paths,
        "errors": wire.errors,
        "questions": reach.questions,
        "tenants": tenants.strangers,
        "codes": tenants.foreign_codes,
        "roles": tenants.roles,
        "forgery": forgery.forged,
        "methods": forgery.methods,
        "keys": forgery.foreign_keys,
        "redirects": people.redirects,
        "guessing": people.guessing,
        "enumeration": people.enumeration,
        "sessions": people.sessions,
        "invitations": people.invitations,
        "factors": factors.second_factors,
        "content": content.hostile_text,
        "uploads": uploads.hostile_files,
        "stuffing": stuffing.stuffed,
        "slow": reach.slow,
        "limits": wire.limits,
    }


# Stop after this time, whatever hangs.
LONGEST_SECONDS = 1800


def _stop(number: int, _: object) -> None:
    sys.exit(f"Stopped by {signal.Signals(number).name}.")


def main(names: Sequence[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, _stop)
    signal.alarm(LONGEST_SECONDS)
    ledger = Ledger()
    ledger.heading("Starting a server in a directory of its own")
    with running() as site:
        known = attacks()
        unknown = set(names) - set(known)
        if unknown:
            print(f"There is no attack {sorted(unknown)}; there are {list(known)}.")
            return 2
        for name, attack in known.items():
            if not names or name in names:
                ledger.heading(name)
                attack(site, ledger)
    return ledger.total()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
