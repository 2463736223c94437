"""Charting forms that ship with the program."""

from __future__ import annotations

from collections.abc import Callable
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
    AnswerOption,
    FieldSpec,
)
from reviewapp.core.lib.translation import gettext as _
from reviewapp.core.lib.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class FormTemplate:
    """A form to start from; ``key`` names it in requests.

    Texts become data of the review when a form is made, in the language of that
    request: ``build`` makes the questions and ``msgid`` fields are translated on use.
    """

    key: str
    name_msgid: str
    description_msgid: str
    build: Callable[[], tuple[FieldSpec, ...]]

    @property
    def name(self) -> str:
        """Return the translated name."""
        return _(self.name_msgid)

    @property
    def description(self) -> str:
        """Return the translated description."""
        return _(self.description_msgid)

    @property
    def fields(self) -> tuple[FieldSpec, ...]:
        """Return the questions with translated texts."""
        return self.build()


# The fields of the published scoping review that the program is modelled on;
# docs/charting.md maps its printed numbers to them.
def _peer_workers() -> tuple[FieldSpec, ...]:
    descriptive = _("Descriptive")
    involvement = _("Involvement")
    service = _("Team and activities")
    return (
        FieldSpec(
            "authors",
            SHORT_TEXT,
            _("Authors"),
            _("As printed: family names and initials."),
            descriptive,
            is_required=True,
        ),
        FieldSpec(
            "year_published",
            YEAR,
            _("Year published"),
            _("Year of the first report of the study, in four digits."),
            descriptive,
            is_required=True,
        ),
        FieldSpec(
            "country",
            COUNTRY,
            _("Country of origin"),
            _(
                "Where the study was done. Separate several countries with semicolons. "
                "The study is then counted in each of them."
            ),
            descriptive,
            is_required=True,
        ),
        FieldSpec(
            "study_design",
            SHORT_TEXT,
            _("Study design"),
            _("In the words of the authors."),
            descriptive,
        ),
        FieldSpec(
            "context",
            SHORT_TEXT,
            _("Context (type of service)"),
            _("For example mental health, substance use, homelessness."),
            descriptive,
        ),
        FieldSpec(
            "research_focus",
            CHOOSE_ONE,
            _("Main research focus"),
            _(
                "What the study mainly asks about. If it reports on several topics, "
                "choose the focus of its research question."
            ),
            descriptive,
            (
                AnswerOption(
                    "outcomes",
                    _("Outcomes"),
                    _("Effects for users, peer workers or the service."),
                ),
                AnswerOption(
                    "core_peer_worker_characteristics",
                    _("Core peer worker characteristics"),
                    _("Qualities and input of peer workers."),
                ),
                AnswerOption(
                    "implementation",
                    _("Implementation"),
                    _("Use of peer workers, and what helps or hinders it."),
                ),
            ),
            is_required=True,
        ),
        FieldSpec(
            "involvement",
            CHOOSE_ALL,
            _("Involvement"),
            _("All phases in which peer workers take part."),
            involvement,
            (
                AnswerOption(
                    "co_commissioning",
                    _("Co-commissioning"),
                    _("Setting priorities, planning, funding."),
                ),
                AnswerOption("co_design", _("Co-design"), _("Shaping the service.")),
                AnswerOption(
                    "co_delivery", _("Co-delivery"), _("Providing the service.")
                ),
                AnswerOption(
                    "co_assessment",
                    _("Co-assessment"),
                    _("Monitoring and evaluating."),
                ),
            ),
        ),
        FieldSpec(
            "approach",
            CHOOSE_ONE,
            _("Approach"),
            _(
                "Choose co-creation when peer workers start or develop the service "
                "together with others from the beginning. Otherwise choose "
                "co-production."
            ),
            involvement,
            (
                AnswerOption("co_production", _("Co-production")),
                AnswerOption("co_creation", _("Co-creation")),
            ),
            is_required=True,
        ),
        FieldSpec(
            "role",
            CHOOSE_ONE,
            _("Role of the peer worker"),
            _("The role that covers most of the work described."),
            involvement,
            (
                AnswerOption(
                    "provider_of_pre_determined_services",
                    _("Provider of pre-determined services"),
                ),
                AnswerOption("provider_of_peer_support", _("Provider of peer support")),
                AnswerOption("partner_in_co_creation", _("Partner in co-creation")),
            ),
            is_required=True,
        ),
        FieldSpec(
            "collaborates_with",
            LONG_TEXT,
            _("Collaborates with"),
            _(
                "The groups peer workers work with: professionals, users, relatives, "
                "managers, volunteers."
            ),
            service,
        ),
        FieldSpec(
            "multidisciplinary",
            CHOOSE_ONE,
            _("Multidisciplinary"),
            _(
                "Choose “Team” if peer workers belong to a multidisciplinary team. "
                "Choose “Environment” if they work in a multidisciplinary environment "
                "without belonging to the team."
            ),
            service,
            (
                AnswerOption("environment", _("Environment")),
                AnswerOption("team", _("Team")),
                AnswerOption("not_described", _("Not described")),
            ),
        ),
        FieldSpec(
            "boundary_spanner",
            YES_NO,
            _("Intermediary (boundary spanner) position described"),
            _("Yes if the study describes peer workers between users and services."),
            service,
        ),
        FieldSpec(
            "boundary_spanner_quotation",
            LONG_TEXT,
            _("Quotation for the intermediary position"),
            _("The sentence that shows it, with its page."),
            service,
        ),
        FieldSpec(
            "activities_with_groups",
            YES_NO,
            _("Activities with groups"),
            _("Yes if peer workers lead or hold activities for groups."),
            service,
        ),
    )


# Default items of data extraction for scoping reviews in the JBI Manual for
# Evidence Synthesis, 11.2.7.
def _jbi() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec("authors", SHORT_TEXT, _("Authors"), is_required=True),
        FieldSpec("year", YEAR, _("Year of publication"), is_required=True),
        FieldSpec(
            "country",
            COUNTRY,
            _("Country of origin"),
            _(
                "Where the study was published or done. Separate several countries "
                "with semicolons."
            ),
        ),
        FieldSpec("aims", LONG_TEXT, _("Aims or purpose")),
        FieldSpec(
            "population", LONG_TEXT, _("Population"), _("The people who were studied.")
        ),
        FieldSpec(
            "sample_size", NUMBER, _("Sample size"), _("Number of participants.")
        ),
        FieldSpec("methods", LONG_TEXT, _("Methodology and methods")),
        FieldSpec(
            "intervention",
            LONG_TEXT,
            _("Intervention, comparator and duration"),
            _("Leave empty if there is none."),
        ),
        FieldSpec(
            "outcomes",
            LONG_TEXT,
            _("Outcomes"),
            _("Include how they were measured, if applicable."),
        ),
        FieldSpec(
            "key_findings",
            LONG_TEXT,
            _("Key findings"),
            _("Findings that relate to the review's question."),
        ),
    )


PEER_WORKERS = FormTemplate(
    key="peer_workers",
    name_msgid=gettext_noop("Peer workers in co-production"),
    description_msgid=gettext_noop(
        "The form of a published scoping review of peer workers in co-production and "
        "co-creation of public services."
    ),
    build=_peer_workers,
)
JBI = FormTemplate(
    key="jbi",
    name_msgid=gettext_noop("JBI scoping review"),
    description_msgid=gettext_noop(
        "The items that the JBI manual suggests for scoping reviews."
    ),
    build=_jbi,
)

TEMPLATES: dict[str, FormTemplate] = {one.key: one for one in (PEER_WORKERS, JBI)}
