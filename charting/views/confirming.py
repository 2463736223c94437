"""Confirm pages: what will happen, and whether it can be undone."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from charting.queries.forms import FormView
from reviewapp.core.web import MemberRequest


@dataclass(frozen=True, slots=True)
class Step:
    """One step to confirm; ``back`` is the page to return to."""

    heading: str
    submit: str
    effects: tuple[str, ...]
    undo: str
    back: str = "charting:form"
    danger: bool = False


STEPS = {
    "remove": Step(
        "Remove the question",
        "Remove it",
        (
            "The question leaves the draft.",
            "Published versions and what was charted with them keep it.",
        ),
        "You can add it again, but as a new question.",
        back="charting:edit",
    ),
    "publish": Step(
        "Publish this version",
        "Publish",
        (
            "Its questions never change any more; a change makes the next version.",
            "Charts handed in stay with the version they were made with.",
            "Charts that are still drafts go on with this version.",
        ),
        "This can't be undone; you can publish a further version.",
        back="charting:edit",
    ),
    "discard": Step(
        "Discard the draft",
        "Discard the draft",
        (
            "All changes since the published version are lost.",
            "The published version stays in force.",
        ),
        "This can't be undone.",
        danger=True,
    ),
    "start": Step(
        "Start charting",
        "Start charting",
        (
            "Every included study is dealt to its charters now, and studies included "
            "later as they come.",
            "The sample that is charted twice is drawn and stays.",
            "Charters see their own charts only.",
        ),
        "It can't be unstarted; who charts can be changed later.",
    ),
    "close": Step(
        "Close charting",
        "Close for good",
        (
            "Studies with one charter are settled as charted.",
            "All charts become readable for all members, and nothing changes any more.",
            "It is refused while a study is not charted by everybody it is dealt to, "
            "or has differences that are not settled.",
        ),
        "This can't be undone.",
        danger=True,
    ),
}


def confirm(
    request: MemberRequest, form: FormView, step: str, *, subject: str = ""
) -> HttpResponse:
    """The confirm page of one of ``STEPS``."""
    context = {"form": form, "step": STEPS[step], "subject": subject}
    return render(request, "charting/confirm.html", context)
