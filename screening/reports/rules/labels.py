"""The initial label of a study."""

from __future__ import annotations

from collections.abc import Sequence

from reviewapp.core.lib.translation import gettext as _


def study_label(authors: Sequence[str], year: int | None, title: str) -> str:
    """Return "Åkerblom & Ness 2022", "Moran et al. 2012", or the start of the title.

    ``authors`` are "Family, Given". The label has at most 200 characters.
    """
    families = [author.split(",")[0].strip() for author in authors]
    families = [family for family in families if family]
    if not families:
        name = title if len(title) <= 60 else f"{title[:57].rstrip()}…"
    elif len(families) == 1:
        name = families[0]
    elif len(families) == 2:
        name = " & ".join(families)
    else:
        name = f"{families[0]} et al."
    label = f"{name or _('Untitled')} {year or _('n.d.')}"
    return label[:200]
