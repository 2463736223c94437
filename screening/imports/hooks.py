"""Hooks of this app (reviewapp/core/hooks.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewapp.core.hooks import hook

if TYPE_CHECKING:
    from reviewapp.core.models import Member
    from screening.imports.queries.import_dependencies import ImportDependencies
    from screening.records.models import Import


@hook("imports:dependencies")
def import_dependencies(viewer: Member, batch: Import) -> ImportDependencies:
    """Return what an app has that depends on an import: public facts only.

    Providers must follow the blinding rule: a member who undoes an import may not
    learn whether anyone has voted (docs/blinding.md).
    """
    raise NotImplementedError
