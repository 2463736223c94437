"""Forms of the pages of stages and screening."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reviewapp.core.base_form import Form
from reviewapp.core.models import Member
from screening.decisions.models import Policy, Stage
from screening.decisions.queries.prior import PriorMapping, usual_verdict
from screening.decisions.queries.screen import ReasonView
from screening.imports.queries.prior import PriorCounts

LARGEST_NUMBER_OF_LINES = 6
LARGEST_NUMBER_OF_REASONS = 100


class PolicyForm(Form):
    """Screening assignments: rules of a percentage and its members."""

    mode = forms.ChoiceField(
        label=_("Assignment method"),
        choices=[
            (
                Policy.Mode.FIXED,
                _(
                    "Fixed assignment: records are assigned in advance and no one can "
                    "see who has screened what"
                ),
            ),
            (
                Policy.Mode.POOL,
                _(
                    "Open pool: listed members screen in any order until each record "
                    "has enough votes"
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )
    pool_size = forms.IntegerField(
        label=_("In an open pool: reviewers for each record"),
        min_value=1,
        max_value=9,
        initial=2,
        help_text=_("An open pool uses only the first rule."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_(
            "Determines the screening order. Leave it empty to get a random seed. "
            "Samples are drawn with a key that no one knows before."
        ),
    )

    def __init__(
        self, *args: Any, members: Sequence[Member], lines: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_code = {member.code: member for member in members}
        self.numbers = range(1, min(max(lines, 1), LARGEST_NUMBER_OF_LINES) + 1)
        for no in self.numbers:
            self.fields[f"share_{no}"] = forms.DecimalField(
                label=gettext("Percentage"),
                required=False,
                max_digits=5,
                decimal_places=2,
                min_value=Decimal("0.01"),
                max_value=Decimal(100),
            )
            self.fields[f"members_{no}"] = forms.MultipleChoiceField(
                label=gettext("Reviewers"),
                required=False,
                choices=[(member.code, member.name) for member in members],
                widget=forms.CheckboxSelectMultiple,
            )

    def lines(self) -> Iterator[tuple[int, BoundField, BoundField]]:
        """Yield number, percentage field and members field of each rule."""
        for no in self.numbers:
            yield no, self[f"share_{no}"], self[f"members_{no}"]

    def clean(self) -> dict[str, Any]:
        """Check that a rule has both a percentage and members, or neither."""
        cleaned = super().clean() or self.cleaned_data
        is_pool = cleaned.get("mode") == Policy.Mode.POOL
        for no in self.numbers:
            share, who = cleaned.get(f"share_{no}"), cleaned.get(f"members_{no}")
            if share and not who:
                self.add_error(f"members_{no}", gettext("Choose the reviewers."))
            if who and not share and not is_pool:
                self.add_error(f"share_{no}", gettext("Enter a percentage."))
        return cleaned

    def policy_lines(self) -> list[tuple[Decimal, list[Member]]]:
        """Return the filled rules as the service takes them."""
        is_pool = self.cleaned_data["mode"] == Policy.Mode.POOL
        found = []
        for no in self.numbers:
            who = [self.by_code[code] for code in self.cleaned_data[f"members_{no}"]]
            share = self.cleaned_data[f"share_{no}"] or Decimal(100)
            if who:
                found.append((share, who))
        return found[:1] if is_pool else found


class StageForm(Form):
    """A further stage."""

    name = forms.CharField(max_length=80, label=_("Name"))
    subject = forms.ChoiceField(
        label=_("What the stage screens"),
        choices=[
            (Stage.Subject.RECORD, _("Records, before full-text retrieval")),
            (Stage.Subject.REPORT, _("Reports, after full-text screening")),
        ],
        widget=forms.RadioSelect,
    )
    needs_reason = forms.BooleanField(
        required=False,
        label=_("Exclusions need a reason"),
        help_text=_("Always required for reports."),
    )
    reasons = forms.CharField(
        required=False,
        label=_("Reasons for exclusion"),
        help_text=_("One per line, in the order in which they are offered."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> dict[str, Any]:
        """Check that there are reasons if the stage needs one."""
        cleaned = super().clean() or self.cleaned_data
        needs = cleaned.get("needs_reason") or (
            cleaned.get("subject") == Stage.Subject.REPORT
        )
        if needs and not (cleaned.get("reasons") or "").strip():
            self.add_error("reasons", gettext("Enter at least one reason."))
        return cleaned


class ReasonsForm(Form):
    """The ordered reasons for exclusion."""

    reasons = forms.CharField(
        required=False,
        label=_("Reasons for exclusion"),
        help_text=_(
            "One per line, in the order in which they are offered. A reason that you "
            "remove is no longer offered, but votes with this reason keep it."
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class StageSettingsForm(Form):
    """The settings of a stage that do not depend on its assignments."""

    hides_names = forms.BooleanField(
        required=False,
        label=_("Hide reviewers' names while conflicts are resolved"),
        help_text=_(
            "Adjudicators see “Reviewer 1” and “Reviewer 2”. After screening has "
            "started, hidden names stay hidden."
        ),
    )
    shows_agreement = forms.BooleanField(
        required=False,
        label=_("Show agreement to leads while the stage is open"),
        help_text=_(
            "Only to leads who do not screen at this stage, from 20 double-screened "
            "records on, without records. Choose it before screening starts. The "
            "methods report names this choice."
        ),
    )


class ReassignForm(Form):
    """The member who gets a former member's unscreened records."""

    former_member = forms.CharField(widget=forms.HiddenInput)
    to = forms.ChoiceField(label=_("Reassign to"))

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(member.code, member.name) for member in members]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class UnblindForm(Form):
    """The reason for unblinding one round."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("The whole team can read it in the audit log."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UnblindManyForm(UnblindForm):
    """The reason for unblinding many rounds, confirmed by a typed name."""

    typed = forms.CharField(label=_("Name"))

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["typed"].label = gettext("To confirm, type {name}").format(
            name=name
        )

    def clean_typed(self) -> str:
        """Check the typed name; case and spaces do not matter."""
        typed: str = self.cleaned_data["typed"]
        if " ".join(typed.split()).casefold() != " ".join(self.name.split()).casefold():
            raise forms.ValidationError(
                gettext("Type {name} to confirm.").format(name=self.name)
            )
        return typed


class VoteForm(Form):
    """A vote. ``key`` comes from the page; without JavaScript it is made here.

    ``repeat`` is a verdict and a reason in one field: those of the vote on a duplicate.
    """

    verdict = forms.ChoiceField(
        choices=[
            ("include", _("Include")),
            ("exclude", _("Exclude")),
            ("unsure", _("Unsure")),
        ]
    )
    reason = forms.ChoiceField(required=False)
    note = forms.CharField(
        required=False, max_length=5000, strip=True, widget=forms.Textarea
    )
    key = forms.UUIDField(required=False)
    version = forms.IntegerField(required=False, min_value=0, max_value=10**6)

    def __init__(
        self, *args: Any, reasons: Sequence[ReasonView], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if "repeat" in self.data:
            verdict, __, reason = str(self.data["repeat"]).partition(" ")
            self.data = {
                **dict(self.data.items()),
                "verdict": verdict,
                "reason": reason,
            }
        choices = [("", "")] + [(reason.code, reason.text) for reason in reasons]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]

    def clean_key(self) -> Any:
        """Return the page's key, or a new one."""
        return self.cleaned_data["key"] or uuid4()


class PriorForm(Form):
    """The meaning of names, words and reasons in another tool's decisions."""

    stage = forms.ChoiceField(
        label=_("Stage"),
        help_text=_(
            "The votes are cast at this stage. It must be under way, screen records "
            "and have fixed assignment."
        ),
    )

    def __init__(
        self,
        *args: Any,
        counts: PriorCounts,
        stages: Sequence[Stage],
        members: Sequence[Member],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._stages = {stage.code: stage for stage in stages}
        self._members = {member.code: member for member in members}
        self._reasons = {
            reason.code: reason
            for stage in stages
            for reason in stage.reasons.filter(retired_at=None).order_by("position")
        }
        self.people = list(dict.fromkeys(who for who, _, _ in counts.words))
        self.words = list(dict.fromkeys(word for _, word, _ in counts.words))
        self.reasons = [text for text, _ in counts.reasons[:LARGEST_NUMBER_OF_REASONS]]
        choices = [(code, stage.name) for code, stage in self._stages.items()]
        self.fields["stage"].choices = choices  # type: ignore[attr-defined]
        self._add_choices()

    def _add_choices(self) -> None:
        out = ("", gettext("Do not import"))
        members = [out, *((code, one.name) for code, one in self._members.items())]
        verdicts = [
            out,
            ("include", gettext("Include")),
            ("exclude", gettext("Exclude")),
            ("unsure", gettext("Unsure")),
        ]
        several = len(self._stages) > 1
        reasons = [
            (code, f"{reason.stage.name}: {reason.text}" if several else reason.text)
            for code, reason in self._reasons.items()
        ]
        for number, who in enumerate(self.people):
            self._add(
                f"person_{number}",
                who or gettext("(no name)"),
                members,
                self._named(who),
            )
        for number, word in enumerate(self.words):
            self._add(f"word_{number}", word, verdicts, usual_verdict(word))
        if not reasons:
            self.reasons = []
            return
        for number, text in enumerate(self.reasons):
            self._add(f"reason_{number}", text, [out, *reasons], "")
        other = gettext("Exclusions with none of these reasons")
        self._add("other_reason", other, [("", gettext("No reason")), *reasons], "")

    def _add(
        self, name: str, label: str, choices: list[tuple[str, str]], initial: str
    ) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=initial, required=False
        )

    def _named(self, who: str) -> str:
        """Return the code of the member with this name as initial value, or ""."""
        same = [
            code
            for code, member in self._members.items()
            if member.name.casefold() == who.strip().casefold()
        ]
        return same[0] if len(same) == 1 else ""

    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield title and fields of each group, for the template."""
        for title, name, items in (
            (gettext("Reviewers"), "person", self.people),
            (gettext("Decisions"), "word", self.words),
            (gettext("Reasons for exclusion"), "reason", self.reasons),
        ):
            fields = [self[f"{name}_{number}"] for number in range(len(items))]
            if name == "reason" and "other_reason" in self.fields:
                fields.append(self["other_reason"])
            if fields:
                yield title, fields

    def clean(self) -> dict[str, Any]:
        """Check that reasons belong to the stage and that something is matched."""
        cleaned = super().clean() or self.cleaned_data
        stage = self._stages.get(cleaned.get("stage", ""))
        for name, code in cleaned.items():
            is_reason = name.startswith("reason_") or name == "other_reason"
            given = self._reasons.get(code) if is_reason else None
            if given and stage and given.stage_id != stage.pk:
                sentence = gettext("Choose a reason of {stage}.")
                self.add_error(name, sentence.format(stage=stage.name))
        for name, sentence in (
            ("person", gettext("Match at least one name to a member.")),
            ("word", gettext("Match at least one word to a vote.")),
        ):
            if not any(cleaned.get(key) for key in cleaned if key.startswith(name)):
                self.add_error(None, sentence)
        return cleaned

    def mapping(self) -> PriorMapping:
        """Return the filled form as the service takes it."""
        said = self.cleaned_data

        def chosen(name: str, items: Sequence[str]) -> dict[str, str]:
            codes = {item: said[f"{name}_{n}"] for n, item in enumerate(items)}
            return {item: code for item, code in codes.items() if code}

        people, reasons = chosen("person", self.people), chosen("reason", self.reasons)
        return PriorMapping(
            stage=self._stages[said["stage"]],
            people={who: self._members[code] for who, code in people.items()},
            words=chosen("word", self.words),
            reasons={text: self._reasons[code] for text, code in reasons.items()},
            other_reason=self._reasons.get(said.get("other_reason", "")),
        )
