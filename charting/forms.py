"""Django forms of charting. Answers are validated by charting.rules.schema."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charting.models import Field
from charting.rules import schema
from charting.rules.countries import country_name
from charting.rules.schema import AnswerOption, FieldSpec
from charting.rules.templates import TEMPLATES
from reviewapp.core.base_form import Form
from reviewapp.core.models import Member


def _templates() -> list[tuple[str, str]]:
    shipped = [(t.key, f"{t.name}: {t.description}") for t in TEMPLATES.values()]
    return [*shipped, ("empty", gettext("An empty form"))]


class NewFormForm(Form):
    """A new charting form: its name and its template."""

    name = forms.CharField(
        max_length=120,
        label=_("Name"),
        help_text=_("The name your team will see, for example “Main form”."),
    )
    template = forms.ChoiceField(
        label=_("Start from"), widget=forms.RadioSelect, choices=_templates
    )


class FieldForm(Form):
    """One question of a draft."""

    label = forms.CharField(max_length=200, label=_("Question"))
    kind = forms.ChoiceField(choices=Field.Kind.choices, label=_("Answer type"))
    help = forms.CharField(
        label=_("Help text"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What to look for and how to decide. Shown next to the question."),
    )
    section = forms.CharField(
        max_length=120,
        required=False,
        label=_("Section"),
        help_text=_("Questions with the same section are grouped together."),
    )
    options = forms.CharField(
        label=_("Answer options"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Only for “Choose one” and “Choose all that apply”. Enter one option per "
            "line. Add an explanation after a bar: “Co-design | Shaping the service”. "
            "If you reword an option, keep its code before “=” so that charted answers "
            "still match: “co_design = Designing together”."
        ),
    )
    is_required = forms.BooleanField(
        label=_("Required before submitting"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Require answer options for the types that need them."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") in schema.CHOICES and len(parse_options(cleaned)) < 2:
            self.add_error("options", gettext("Enter at least two answer options."))
        return cleaned

    def spec(self) -> FieldSpec:
        """Return the question for the service, which gives it its key."""
        data = self.cleaned_data
        return FieldSpec(
            key="",
            kind=data["kind"],
            label=data["label"],
            help=data["help"],
            section=data["section"],
            options=parse_options(data),
            is_required=data["is_required"],
        )

    @staticmethod
    def initial_of(spec: FieldSpec) -> dict[str, Any]:
        """Return a stored question as this form's initial values."""
        lines = [
            f"{o.value} = {o.label}" + (f" | {o.help}" if o.help else "")
            for o in spec.options
        ]
        return {
            "label": spec.label,
            "kind": spec.kind,
            "help": spec.help,
            "section": spec.section,
            "options": "\n".join(lines),
            "is_required": spec.is_required,
        }


def parse_options(data: Mapping[str, Any]) -> tuple[AnswerOption, ...]:
    """Return the options from lines ``[code =] label [| help]``."""
    options: list[AnswerOption] = []
    if data.get("kind") not in schema.CHOICES:
        return ()
    for line in str(data.get("options", "")).splitlines():
        match = re.fullmatch(
            r"\s*(?:([a-z0-9_]{1,60})\s*=\s*)?([^|]*[^|\s])\s*(?:\|\s*(.*))?", line
        )
        if match is None:
            continue
        code, label, text = match.groups()
        taken = [option.value for option in options]
        value = code or schema.make_field_key(label, taken)
        options.append(
            AnswerOption(value, label.strip()[:200], (text or "").strip()[:500])
        )
    return tuple(options)


class AssignForm(Form):
    """Assignment of charting: reviewers, and the percentage charted twice."""

    first = forms.MultipleChoiceField(
        label=_("Reviewers"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Included studies are divided evenly among them."),
    )
    second_share = forms.DecimalField(
        label=_("Studies charted twice, in per cent"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=Decimal(0),
        help_text=_(
            "A second reviewer charts this random percentage of the studies without "
            "seeing the first chart. New studies are sampled at the same percentage."
        ),
    )
    second = forms.MultipleChoiceField(
        label=_("Second reviewers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The two reviewers of a study are always different members."),
    )
    seed = forms.IntegerField(
        label=_("Random seed"),
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("The seed determines the order in which the studies are charted."),
    )
    hides_names = forms.BooleanField(
        label=_("Hide reviewers' names while discrepancies are resolved"),
        required=False,
    )

    def __init__(
        self, *args: Any, members: Sequence[Member], started: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members = {member.code: member for member in members}
        choices = [(member.code, member.name) for member in members]
        for name in ("first", "second"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
            field.choices = choices
        self.fields["seed"].disabled = started

    def plan(self) -> dict[str, Any]:
        """Return the arguments of ``forms.assign_charting``."""
        data = self.cleaned_data
        return {
            "first": [self.members[code] for code in data["first"]],
            "second": [self.members[code] for code in data["second"]],
            "second_share": data["second_share"],
            "seed": data["seed"],
            "hides_names": data["hides_names"],
        }


class ChartForm(Form):
    """The questions of a form version as fields of one page.

    It renders fields and reads answers. ``charting.rules.schema`` validates them, and
    the view passes its errors to ``show_errors``.
    """

    use_required_attribute = False

    def __init__(self, specs: Sequence[FieldSpec], *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "a")
        super().__init__(*args, **kwargs)
        self.specs = specs
        for spec in specs:
            self.fields[spec.key] = _answer_field(spec)
        if not self.is_bound:
            self._name_required()

    def _name_required(self) -> None:
        """Mark required questions for the template; Django does not check them."""
        for spec in self.specs:
            self.fields[spec.key].required = spec.is_required

    def given(self) -> dict[str, Any]:
        """Return the answers as sent, for the service to clean."""
        found: dict[str, Any] = {}
        for spec in self.specs:
            name = self.add_prefix(spec.key)
            widget = self.fields[spec.key].widget
            found[spec.key] = widget.value_from_datadict(self.data, self.files, name)
        return found

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Attach the sentences of ``schema.validate_answers`` to the fields."""
        self.is_valid()
        for key, sentence in errors.items():
            if key in self.fields and key not in self.errors:
                self.add_error(key, sentence)
        self._name_required()

    def sections(self) -> list[tuple[str, list[tuple[forms.BoundField, bool]]]]:
        """Return the fields by section, each with True if it fits in one line."""
        found: list[tuple[str, list[tuple[forms.BoundField, bool]]]] = []
        for spec in self.specs:
            if not found or found[-1][0] != spec.section:
                found.append((spec.section, []))
            found[-1][1].append((self[spec.key], spec.kind == schema.YES_NO))
        return found


def initial_answers(
    values: Mapping[str, Any], specs: Sequence[FieldSpec]
) -> dict[str, Any]:
    """Return stored values as the fields show them."""
    found: dict[str, Any] = {}
    for spec in specs:
        value = values.get(spec.key)
        if spec.kind == schema.COUNTRY and value is not None:
            value = "; ".join(country_name(code) for code in value)
        elif spec.kind == schema.YES_NO and value is not None:
            value = "yes" if value else "no"
        found[spec.key] = "" if value is None else value
    return found


def _choices(spec: FieldSpec) -> list[tuple[str, str]]:
    return [
        (o.value, f"{o.label} ({o.help.rstrip('.')})" if o.help else o.label)
        for o in spec.options
    ]


def _answer_field(spec: FieldSpec) -> forms.Field:
    """Return a form field for one question; it accepts any answer."""
    # Only an optional choice can be cleared again.
    blank = [] if spec.is_required else [("", gettext("No answer"))]
    common: dict[str, Any] = {
        "label": spec.label,
        "help_text": spec.help,
        "required": False,
    }
    if spec.kind == schema.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)
    if spec.kind == schema.CHOOSE_ONE:
        return forms.ChoiceField(
            widget=forms.RadioSelect, choices=[*_choices(spec), *blank], **common
        )
    if spec.kind == schema.CHOOSE_ALL:
        return forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple, choices=_choices(spec), **common
        )
    if spec.kind == schema.YES_NO:
        pairs = [("yes", gettext("Yes")), ("no", gettext("No")), *blank]
        return forms.ChoiceField(widget=forms.RadioSelect, choices=pairs, **common)
    return forms.CharField(widget=_line_input(spec.kind), **common)


def _line_input(kind: str) -> forms.TextInput:
    if kind == schema.COUNTRY:
        # The names are in the page's <datalist id="countries">.
        return forms.TextInput(attrs={"list": "countries", "autocomplete": "off"})
    modes = {schema.YEAR: "numeric", schema.NUMBER: "decimal"}
    if kind in modes:
        return forms.TextInput(attrs={"inputmode": modes[kind], "autocomplete": "off"})
    return forms.TextInput()
