"""Charting forms that ship with the program."""

from __future__ import annotations

import re
from dataclasses import dataclass

from charting.rules.schema import (
    CHOOSE_ALL,
    CHOOSE_ONE,
    COUNTRY,
    LONG_TEXT,
    NUMBER,
    SHORT_TEXT,
    YEAR,
    YES_NO,
    FieldSpec,
    Option,
)


@dataclass(frozen=True, slots=True)
class Template:
    """A form to start from; ``key`` names it in requests."""

    key: str
    name: str
    description: str
    fields: tuple[FieldSpec, ...]


def _options(*labels: str | tuple[str, str]) -> tuple[Option, ...]:
    """Options from labels, or (label, help); the value is made of the label."""
    pairs = [one if isinstance(one, tuple) else (one, "") for one in labels]
    return tuple(
        Option(re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_"), label, text)
        for label, text in pairs
    )


_DESCRIPTIVE = "Descriptive"
_INVOLVEMENT = "Involvement"
_SERVICE = "Team and activities"

# The fields of the published scoping review the program is built after; how its
# printed numbers map to them: docs/charting.md.
PEER_WORKERS = Template(
    key="peer_workers",
    name="Peer workers in co-production",
    description="The form of a published scoping review of peer workers in "
    "co-production and co-creation of public services.",
    fields=(
        FieldSpec(
            "authors",
            SHORT_TEXT,
            "Authors",
            "As printed: family names and initials.",
            _DESCRIPTIVE,
            is_required=True,
        ),
        FieldSpec(
            "year_published",
            YEAR,
            "Year published",
            "Of the first report of the study, in four digits.",
            _DESCRIPTIVE,
            is_required=True,
        ),
        FieldSpec(
            "country",
            COUNTRY,
            "Country of origin",
            "Where the study was done. Several countries: separate by semicolons; "
            "the study then counts in each of them.",
            _DESCRIPTIVE,
            is_required=True,
        ),
        FieldSpec(
            "study_design",
            SHORT_TEXT,
            "Study design",
            "In the words of the authors.",
            _DESCRIPTIVE,
        ),
        FieldSpec(
            "context",
            SHORT_TEXT,
            "Context (type of service)",
            "For example mental health, substance use, homelessness.",
            _DESCRIPTIVE,
        ),
        FieldSpec(
            "research_focus",
            CHOOSE_ONE,
            "Main research focus",
            "What the study mainly asks about. Choose the focus of its research "
            "question when it reports on several.",
            _DESCRIPTIVE,
            _options(
                ("Outcomes", "Effects for users, peer workers or the service."),
                (
                    "Core peer worker characteristics",
                    "Qualities and input of peer workers.",
                ),
                ("Implementation", "Use of peer workers, and what helps or hinders."),
            ),
            is_required=True,
        ),
        FieldSpec(
            "involvement",
            CHOOSE_ALL,
            "Involvement",
            "All phases in which peer workers take part.",
            _INVOLVEMENT,
            _options(
                ("Co-commissioning", "Setting priorities, planning, funding."),
                ("Co-design", "Shaping the service."),
                ("Co-delivery", "Providing the service."),
                ("Co-assessment", "Monitoring and evaluating."),
            ),
        ),
        FieldSpec(
            "approach",
            CHOOSE_ONE,
            "Approach",
            "Co-creation when peer workers start or develop the service together "
            "with others from the beginning; else co-production.",
            _INVOLVEMENT,
            _options("Co-production", "Co-creation"),
            is_required=True,
        ),
        FieldSpec(
            "role",
            CHOOSE_ONE,
            "Role of the peer worker",
            "The role that covers most of the work described.",
            _INVOLVEMENT,
            _options(
                "Provider of pre-determined services",
                "Provider of peer support",
                "Partner in co-creation",
            ),
            is_required=True,
        ),
        FieldSpec(
            "collaborates_with",
            LONG_TEXT,
            "Collaborates with",
            "The groups peer workers work with: professionals, users, relatives, "
            "managers, volunteers.",
            _SERVICE,
        ),
        FieldSpec(
            "multidisciplinary",
            CHOOSE_ONE,
            "Multidisciplinary",
            "Whether peer workers are part of a multidisciplinary team, or work in "
            "a multidisciplinary environment without being in the team.",
            _SERVICE,
            _options("Environment", "Team", "Not described"),
        ),
        FieldSpec(
            "boundary_spanner",
            YES_NO,
            "Intermediary (boundary spanner) position described",
            "Yes when the study describes peer workers between users and services.",
            _SERVICE,
        ),
        FieldSpec(
            "boundary_spanner_quotation",
            LONG_TEXT,
            "Quotation for the intermediary position",
            "The sentence that shows it, with its page.",
            _SERVICE,
        ),
        FieldSpec(
            "activities_with_groups",
            YES_NO,
            "Activities with groups",
            "Yes when peer workers lead or hold activities for groups.",
            _SERVICE,
        ),
    ),
)

# Default items of data extraction for scoping reviews in the JBI Manual for
# Evidence Synthesis, 11.2.7.
JBI = Template(
    key="jbi",
    name="JBI scoping review",
    description="The items that the JBI manual suggests for scoping reviews.",
    fields=(
        FieldSpec("authors", SHORT_TEXT, "Authors", is_required=True),
        FieldSpec("year", YEAR, "Year of publication", is_required=True),
        FieldSpec(
            "country",
            COUNTRY,
            "Country of origin",
            "Where the study was published or done; several by semicolons.",
        ),
        FieldSpec("aims", LONG_TEXT, "Aims or purpose"),
        FieldSpec("population", LONG_TEXT, "Population", "Who was studied."),
        FieldSpec("sample_size", NUMBER, "Sample size", "Number of participants."),
        FieldSpec("methods", LONG_TEXT, "Methodology and methods"),
        FieldSpec(
            "intervention",
            LONG_TEXT,
            "Intervention, comparator and duration",
            "Leave open where there is none.",
        ),
        FieldSpec(
            "outcomes", LONG_TEXT, "Outcomes", "And how they were measured, if so."
        ),
        FieldSpec(
            "key_findings",
            LONG_TEXT,
            "Key findings",
            "Those that relate to the review's question.",
        ),
    ),
)

TEMPLATES: dict[str, Template] = {one.key: one for one in (PEER_WORKERS, JBI)}
