"""Names and titles without invisible characters: one rule for all single lines."""

from __future__ import annotations

import pytest
from django import forms

from reviewapp.core.base_form import Form
from reviewapp.core.forms import NameForm, ReviewForm
from reviewapp.core.lib.visible_text import visible_line
from screening.decisions.forms import VoteForm


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada\u200b Lovelace", "Ada Lovelace"),
        ("Ada\u200dB", "AdaB"),
        ("\ufeffAda\u2060\u00ad", "Ada"),
        ("Peer\u202egnikrow\u202c", "Peergnikrow"),
        ("\u2066Ada\u2069 \u200f", "Ada "),
        ("one\ttwo\nthree", "one two three"),
        ("a\x07b", "ab"),
        # Part of the spelling, accents and other scripts stay.
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",) * 2,
        ("\u0915\u094d\u200d\u0937",) * 2,
        ("Zoë O’Neill-Łukasz 李小龙",) * 2,
    ],
)
def test_invisible_characters_are_removed(typed: str, kept: str) -> None:
    assert visible_line(typed) == kept


def test_the_rule_holds_in_every_form() -> None:
    title = ReviewForm({"title": "Peer\u202e work\u200b"})
    assert title.is_valid()
    assert title.cleaned_data["title"] == "Peer work"
    name = NameForm({"name": "Ada\u200b"})
    assert name.is_valid()
    assert name.cleaned_data["name"] == "Ada"
    nothing = ReviewForm({"title": "\u200b\u202e"})
    assert not nothing.is_valid()


def test_a_note_keeps_its_lines() -> None:
    form = VoteForm({"verdict": "include", "note": "one\ntwo"}, reasons=())
    assert form.is_valid()
    assert form.cleaned_data["note"] == "one\ntwo"


def test_longer_texts_and_passwords_stay_as_typed() -> None:
    class Typed(Form):
        note = forms.CharField(widget=forms.Textarea)
        password = forms.CharField(widget=forms.PasswordInput, strip=False)

    form = Typed({"note": "a\u200bb", "password": "a\u200bb"})
    assert form.is_valid()
    assert form.cleaned_data == {"note": "a\u200bb", "password": "a\u200bb"}
