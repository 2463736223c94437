"""Confirmation pages: the effects of a step, and whether it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from charting.queries.forms import FormView
from reviewapp.core.web import MemberRequest


@dataclass(frozen=True, slots=True)
class ConfirmationStep:
    """One step to confirm; ``back`` is the page to return to."""

    heading: str
    submit: str
    effects: tuple[str, ...]
    undo: str
    back: str = "charting:form"
    danger: bool = False


def _remove() -> ConfirmationStep:
    return ConfirmationStep(
        _("Remove question"),
        _("Remove question"),
        (
            _("The question is removed from the draft."),
            _("Published versions and their charts keep it."),
        ),
        _("You can add it again, but only as a new question."),
        back="charting:edit",
    )


def _publish() -> ConfirmationStep:
    return ConfirmationStep(
        _("Publish version"),
        _("Publish version"),
        (
            _(
                "You can't edit the questions of a published version. You can start a "
                "draft of the next version."
            ),
            _("Submitted charts keep the version they were made with."),
            _("Draft charts continue with this version."),
        ),
        _("You can't undo this, but you can publish another version."),
        back="charting:edit",
    )


def _discard() -> ConfirmationStep:
    return ConfirmationStep(
        _("Discard draft"),
        _("Discard draft"),
        (
            _("All changes since the published version are lost."),
            _("The published version stays in use."),
        ),
        _("You can't undo this."),
        danger=True,
    )


def _start() -> ConfirmationStep:
    return ConfirmationStep(
        _("Start charting"),
        _("Start charting"),
        (
            _(
                "All included studies are assigned to their reviewers now. Studies "
                "included later are assigned when they are included."
            ),
            _("The sample for double charting is drawn and does not change."),
            _("Reviewers see only their own charts."),
        ),
        _("This cannot be undone. You can change the assignments later."),
    )


def _close() -> ConfirmationStep:
    return ConfirmationStep(
        _("Close charting"),
        _("Close charting"),
        (
            _("Studies with a single reviewer are finalised as charted."),
            _(
                "All members can read the charts of this wave, and none of them can "
                "change any more."
            ),
            _("Studies that are included later open the next wave."),
            _(
                "You cannot close charting while an assigned chart is missing or a "
                "discrepancy is unresolved."
            ),
        ),
        _("You can't undo this."),
        danger=True,
    )


CONFIRMATION_STEPS: dict[str, Callable[[], ConfirmationStep]] = {
    "remove": _remove,
    "publish": _publish,
    "discard": _discard,
    "start": _start,
    "close": _close,
}


def confirmation_page(
    request: MemberRequest,
    form: FormView,
    step: str,
    *,
    subject: str = "",
    first: tuple[str, ...] = (),
) -> HttpResponse:
    """Return the confirmation page of one of ``STEPS``; effects begin with ``first``."""
    shown = CONFIRMATION_STEPS[step]()
    shown = replace(shown, effects=(*first, *shown.effects))
    context = {"form": form, "step": shown, "subject": subject}
    return render(request, "charting/confirm.html", context)
