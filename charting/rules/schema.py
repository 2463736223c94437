"""The fields of a charting form, and the validation of answers.

Pages, the bulk service and resolutions all call ``validate_answers``. Stored values by type:
short and long text ``str``; number ``int`` or ``float``; year ``int``; yes/no ``bool``;
choose one the option's ``value``; choose all a list of option values in the order of
the form; country a list of ISO 3166 codes (a study may be in several). A question
without an answer has no key.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from charting.rules import countries
from reviewapp.core.lib.translation import gettext as _

SHORT_TEXT = "short_text"
LONG_TEXT = "long_text"
NUMBER = "number"
YEAR = "year"
YES_NO = "yes_no"
CHOOSE_ONE = "choose_one"
CHOOSE_ALL = "choose_all"
COUNTRY = "country"

CHOICES = frozenset({CHOOSE_ONE, CHOOSE_ALL})
# A study can have several values of these types, so percentages may exceed 100 %.
SEVERAL = frozenset({CHOOSE_ALL, COUNTRY})

SHORT_LIMIT = 500
LONG_LIMIT = 20_000
YEARS = range(1500, 2201)
NUMBER_LIMIT = 1e15

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_YES = frozenset({"yes", "true", "y", "1"})
_NO = frozenset({"no", "false", "n", "0"})


@dataclass(frozen=True, slots=True)
class AnswerOption:
    """One answer option; ``value`` is stored, ``label`` is shown."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A question. ``key`` stays the same over the versions of a form.

    ``dropped``: options of earlier versions only. They stay answers of the charts that
    have them, so they keep the label that the reviewers saw.
    """

    key: str
    kind: str
    label: str
    help: str = ""
    section: str = ""
    options: tuple[AnswerOption, ...] = ()
    is_required: bool = False
    dropped: tuple[AnswerOption, ...] = ()

    def label_of(self, value: str) -> str:
        """Return the label of an option, or the value itself if it is unknown."""
        for option in (*self.options, *self.dropped):
            if option.value == value:
                return option.label
        return value


@dataclass(frozen=True, slots=True)
class ValidatedAnswers:
    """Clean ``values`` by key, and one sentence by key for each error."""

    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


class InvalidAnswer(ValueError):
    """A value that is not an answer to the question; the text says what to enter."""


def merge_versions(versions: Iterable[Sequence[FieldSpec]]) -> tuple[FieldSpec, ...]:
    """Return the questions of several versions of a form, given newest first.

    Each has its newest wording, and as ``dropped`` the options that only earlier
    versions have. Questions of earlier versions only come last.
    """
    found: dict[str, FieldSpec] = {}
    for spec in (spec for fields in versions for spec in fields):
        newest = found.setdefault(spec.key, spec)
        known = {option.value for option in (*newest.options, *newest.dropped)}
        earlier = [o for o in (*spec.options, *spec.dropped) if o.value not in known]
        if earlier:
            dropped = (*newest.dropped, *earlier)
            found[spec.key] = replace(newest, dropped=dropped)
    return tuple(found.values())


def offered_answers(fields: Sequence[FieldSpec]) -> frozenset[tuple[str, str]]:
    """Return the answer options of a form version as (key, value) pairs."""
    return frozenset((spec.key, o.value) for spec in fields for o in spec.options)


def validate_answers(
    given: Mapping[str, Any], fields: Sequence[FieldSpec], *, complete: bool
) -> ValidatedAnswers:
    """Clean the answers ``given`` to ``fields`` and return them with their errors.

    Unknown keys are dropped. ``complete``: required questions without an answer are
    errors.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for spec in fields:
        try:
            value = clean_answer(given.get(spec.key), spec)
        except InvalidAnswer as invalid:
            errors[spec.key] = str(invalid)
            continue
        if value is not None:
            values[spec.key] = value
        elif complete and spec.is_required:
            errors[spec.key] = _("Answer this question before you submit.")
    return ValidatedAnswers(values, errors)


def clean_answer(given: Any, spec: FieldSpec) -> Any:
    """Return the stored value of one answer, None if it is blank.

    Raises ``Invalid`` with a sentence if it is not an answer of the type.
    """
    if given is None or given in ("", [], ()):
        return None
    return _CLEANERS[spec.kind](given, spec)


def answer_text(value: Any, spec: FieldSpec) -> str:
    """Return a stored value as text for pages and files, "" if there is none.

    Several answers are separated by "; ". A label that contains a semicolon is quoted,
    so that it is not mistaken for two answers.
    """
    if value is None:
        return ""
    if spec.kind == COUNTRY:
        return "; ".join(countries.country_name(str(code)) for code in _listed(value))
    if spec.kind == CHOOSE_ONE:
        return spec.label_of(str(_listed(value)[0]))
    if spec.kind == CHOOSE_ALL:
        return "; ".join(_quoted(spec.label_of(str(one))) for one in _listed(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


def _quoted(label: str) -> str:
    if ";" not in label and not label.startswith('"'):
        return label
    return '"' + label.replace('"', '""') + '"'


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _text(given: Any) -> str:
    if isinstance(given, list | tuple):
        given = given[0] if len(given) == 1 else " ".join(str(part) for part in given)
    if isinstance(given, dict):
        raise InvalidAnswer(_("Give one answer."))
    return _CONTROL.sub("", str(given)).strip()


def _clean_text(given: Any, spec: FieldSpec) -> str | None:
    text = _text(given)
    limit = SHORT_LIMIT if spec.kind == SHORT_TEXT else LONG_LIMIT
    if spec.kind == SHORT_TEXT:
        text = " ".join(text.split())
    if len(text) > limit:
        raise InvalidAnswer(
            _("Shorten this answer to {limit} characters. It has {length}.").format(
                limit=f"{limit:,}", length=f"{len(text):,}"
            )
        )
    return text or None


def _clean_number(given: Any, spec: FieldSpec) -> int | float | None:
    if isinstance(given, bool):
        raise InvalidAnswer(_("Enter a number, such as 12 or 3.5."))
    text = re.sub(r"[\s_']", "", _text(given)).replace("−", "-")
    if not text:
        return None
    if re.fullmatch(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[-+]?([0-9]+([.,][0-9]+)?|[.,][0-9]+)", text):
        raise InvalidAnswer(_("Enter a number, such as 12 or 3.5."))
    number = float(text.replace(",", "."))
    if not math.isfinite(number) or abs(number) > NUMBER_LIMIT:
        raise InvalidAnswer(_("This number is too large."))
    return int(number) if number == int(number) else number


def _clean_year(given: Any, spec: FieldSpec) -> int | None:
    text = _text(given)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}", text) or int(text) not in YEARS:
        raise InvalidAnswer(_("Enter a year in four digits, such as 2021."))
    return int(text)


def _clean_yes_no(given: Any, spec: FieldSpec) -> bool | None:
    if isinstance(given, bool):
        return given
    text = _text(given).casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    if not text:
        return None
    raise InvalidAnswer(_("Answer yes or no."))


def _option(given: Any, spec: FieldSpec) -> str:
    text = _text(given)
    options = (*spec.options, *spec.dropped)
    for option in options:
        if text == option.value:
            return option.value
    for option in options:
        if text.casefold() == option.label.casefold():
            return option.value
    raise InvalidAnswer(
        _("“{text}” is not one of the answers. Choose from the list.").format(
            text=text[:80]
        )
    )


def _clean_one(given: Any, spec: FieldSpec) -> str | None:
    if isinstance(given, list | tuple) and len(given) > 1:
        raise InvalidAnswer(_("Choose one answer only."))
    return _option(given, spec) if _text(given) else None


def _clean_all(given: Any, spec: FieldSpec) -> list[str] | None:
    chosen = {_option(one, spec) for one in _listed(given) if _text(one)}
    options = (*spec.options, *spec.dropped)
    return [o.value for o in options if o.value in chosen] or None


def _clean_country(given: Any, spec: FieldSpec) -> list[str] | None:
    names = [
        part.strip()
        for one in _listed(given)
        for part in re.split(r"[;\n]", _text(one))
    ]
    codes: list[str] = []
    for name in filter(None, names):
        code = countries.country_code(name)
        if code is None:
            raise InvalidAnswer(
                _(
                    "“{name}” is not in the list of countries (ISO 3166). "
                    "Separate several countries with semicolons."
                ).format(name=name[:80])
            )
        if code not in codes:
            codes.append(code)
    return sorted(codes) or None


_CLEANERS: dict[str, Callable[[Any, FieldSpec], Any]] = {
    SHORT_TEXT: _clean_text,
    LONG_TEXT: _clean_text,
    NUMBER: _clean_number,
    YEAR: _clean_year,
    YES_NO: _clean_yes_no,
    CHOOSE_ONE: _clean_one,
    CHOOSE_ALL: _clean_all,
    COUNTRY: _clean_country,
}


def make_field_key(label: str, taken: Sequence[str]) -> str:
    """Return a key for a new question, made from its label and not in ``taken``."""
    words = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:50].rstrip("_")
    key = base = words or "question"
    number = 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key
