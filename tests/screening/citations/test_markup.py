"""Markup and entities are text in every format and field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.citations.markup import plain_text
from tests.screening.citations.reader_checks import read_text

PLAIN = {
    "Caf&eacute; noise &amp; sleep": "Café noise & sleep",
    "Caf&#233; &#xE9; &#XE9;": "Café é é",
    "Caf&amp;eacute; &amp;amp;amp; tea": "Café & tea",
    "&lt;i&gt;Patella&lt;/i&gt;": "Patella",
    "&amp;lt;i&amp;gt;Patella&amp;lt;/i&amp;gt;": "Patella",
    "CO<sub>2</sub> and 10<sup>-3</sup>": "CO2 and 10-3",
    '<span style="font-variant:small-caps;">CO<sub>2</sub></span>': "CO2",
    "<scp>DNA</scp> <sc>RNA</sc>": "DNA RNA",
    "<jats:italic>in vitro</jats:italic>": "in vitro",
    '<mml:math xmlns:mml="http://x"><mml:mi>x</mml:mi><mml:mo>&lt;</mml:mo>'
    "<mml:mn>5</mml:mn></mml:math>": "x<5",
    "<math><semantics><mi>x</mi><annotation>x^2</annotation></semantics></math>": "x",
    "<![CDATA[Tea <b>time</b>]]>": "Tea time",
    "<font size=2>Tea</font>": "Tea",
    "<SUB>2</SUB><BR>b": "2 b",
    "p < 0.05 and q > 1": "p < 0.05 and q > 1",
    "p &lt; 0.05 and q &gt; 1": "p < 0.05 and q > 1",
    "p<0.05, n>5": "p<0.05, n>5",
    "x<b>y": "x<b>y",
    "x<y>z": "x<y>z",
    "R&D; AT&T; a &foo; b": "R&D; AT&T; a &foo; b",
    "see ?a=1&copy=2": "see ?a=1&copy=2",
}


@pytest.mark.parametrize("text", PLAIN)
def test_markup_becomes_text_and_other_signs_stay(text: str) -> None:
    assert " ".join(plain_text(text).split()) == PLAIN[text]


@given(st.text("<>&;/!-abip=\"' #x1amplt[]", max_size=80))
def test_plain_text_stays_plain(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once) == once or "&" in once or "<" in once


FILES = {
    "ris": "TY  - JOUR\nTI  - {t}\nAU  - {a}\nT2  - {j}\nAB  - {b}\nKW  - {k}\nER  - \n",
    "enw": "%0 Journal Article\n%T {t}\n%A {a}\n%J {j}\n%X {b}\n%K {k}\n",
    "nbib": "PMID- 1\nTI  - {t}\nFAU - {a}\nJT  - {j}\nAB  - {b}\nOT  - {k}\n",
    "wos": "FN x\nVR 1.0\nPT J\nAU {a}\nTI {t}\nSO {j}\nAB {b}\nDE {k}\nER\n",
    "csv": 'title,authors,journal,abstract,keywords\n"{t}","{a}","{j}","{b}","{k}"\n',
    "bib": "@article{{a, title={{{t}}}, author={{{a}}}, journal={{{j}}}, "
    "abstract={{{b}}}, keywords={{{k}}}}}",
    "json": '[{{"title": "{t}", "author": "{a}", "container-title": "{j}", '
    '"abstract": "{b}", "keyword": "{k}"}}]',
    "ovid.txt": "<1. >\nTI  - {t}\nAU  - {a}\nJN  - {j}\nAB  - {b}\nKW  - {k}\n",
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("times", [1, 2])
def test_every_reader_decodes_every_field(kind: str, times: int) -> None:
    def escaped(text: str) -> str:
        for _ in range(times - 1):
            text = text.replace("&", "&amp;").replace("<", "&lt;")
        return text

    text = FILES[kind].format(
        t=escaped("Flow of O<sub>2</sub> &amp; salt in <i>Patella</i>"),
        a=escaped("Br&uuml;nn, Jo; O&#39;Malt, P."),
        j=escaped("Quay &amp; Sea"),
        b=escaped("<p>Risk was p &lt; 0.05.</p>"),
        k=escaped("sleep &amp; tea; caf&eacute;"),
    )
    _, (citation,) = read_text(text, f"x.{kind}")
    assert citation.title == "Flow of O2 & salt in Patella"
    assert citation.authors == ("Brünn, Jo", "O'Malt, P.")
    assert citation.journal == "Quay & Sea"
    assert citation.abstract == "Risk was p < 0.05."
    assert citation.keywords == ("sleep & tea", "café")


@pytest.mark.parametrize(
    "text",
    ["<" * 20_000, '<a x="' * 5_000, "&amp;" * 20_000, "<!--" * 9_000, "<i>" * 9_000],
)
def test_hostile_markup_costs_little(text: str) -> None:
    assert isinstance(plain_text(text), str)
