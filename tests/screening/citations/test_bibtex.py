"""BibTeX and BibLaTeX: entries, names, LaTeX."""

from __future__ import annotations

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import RemoveEnclosingMiddleware
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.citations.reading.bibtex_files import bibtex
from screening.citations.reading.bibtex_files.bibtex_entries import read_bibtex_entries
from screening.citations.reading.bibtex_files.bibtex_latex import link_of, text_of
from screening.citations.reading.bibtex_files.bibtex_names import names_of
from screening.citations.reading.reading_report import ReadingReport
from tests.screening.citations.imports_expected import Samples
from tests.screening.citations.reader_checks import check_any, read_text, seconds

LATEX = {
    r"P{\a'e}rez {\c S}ent{\"u}rk \v{S} \'{\i}": "Pérez Şentürk Š í",
    r"K\o benhavn {\O}re \aa ngstr\o{}m Stra{\ss}e": "København Øre ångstrøm Straße",
    r"$H_2O$ at 20$^{\circ}$C, $10^{-3}$": "H2O at 20°C, 10-3",
    r"$\alpha$-synuclein, TNF-\alpha production": "α-synuclein, TNF-α production",
    r"\emph{In vitro} {\it E. coli} {DNA}": "In vitro E. coli DNA",
    r"m\textsuperscript{2} \frac{1}{2}": "m2 1/2",
    r"``Quoted'' -- or --- so\&so \% \_ \$5": "“Quoted” – or — so&so % _ $5",
    r"from $5 to $10 and ~5 of Fig.~3": "from $5 to $10 and ~5 of Fig. 3",
    r"{\textless}i{\textgreater}x {\textquoteright}s": "<i>x ’s",
    r"\unknown{kept} C:\Users": r"kept C:\Users",
    r"\href{http://x.org}{text} {\noopsort{1973b}}1973": "text 1973",
    "Intake_epis_food ()": "Intake_epis_food ()",
    r"\~{} \^{} x\\y": "~ ^ x y",
    "ends in \\": "ends in \\",
}


@pytest.mark.parametrize("latex", LATEX)
def test_latex_becomes_plain_text(latex: str) -> None:
    assert text_of(latex) == LATEX[latex]


def test_addresses_keep_their_special_characters() -> None:
    assert link_of(r"http://x.org/~a\_b--c\%20{\_}d") == "http://x.org/~a_b--c%20_d"
    assert link_of(r"\url{http://x.org/{\textasciitilde}a}") == "http://x.org/~a"
    assert link_of(r"10.1002/(SICI){\textless}1") == "10.1002/(SICI)<1"


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Ludwig van Beethoven and N Serban", ("van Beethoven, Ludwig", "Serban, N")),
        ('von Berg, Jr, Kari and M{\\"u}ller, A', ("von Berg, Kari, Jr", "Müller, A")),
        ("{World Health Organization} and {\\'E}mile Zola", None),
        ("Barnes and Noble, A and others", ("Barnes", "Noble, A")),
        ("{Barnes and Noble}", ("Barnes and Noble",)),
        ("Serban N and John Smith Jr.", ("Serban, N", "Smith, John, Jr.")),
        ("European Medicines Agency", ("European Medicines Agency",)),
        ("family=Berg, given=Kari, prefix=von", ("von Berg, Kari",)),
        ("Smith, J.; Doe, K.", ("Smith, J.", "Doe, K.")),
        ("", ()),
    ],
)
def test_people_are_read_as_family_and_given_name(
    field: str, names: tuple[str, ...] | None
) -> None:
    wanted = ("World Health Organization", "Zola, Émile") if names is None else names
    assert names_of(field) == wanted


def test_all_kinds_of_entries_are_read() -> None:
    reading, citations = read_text(
        r"""% Encoding: UTF-8
@string{jama = "JAMA: The Journal"}
@STRING(eur = {Eur. } # "Heart J.")
@preamble{"\newcommand{\x}{}"}
@comment{jabref-meta: databaseType:bibtex;}

@article{dup, title = {First {DNA} paper}, journal = jama, year = 2004,
  month = jan # "~5", pages = "1--10", doi = {https://doi.org/10.1000/ABC\_d},
  keywords = {a, b, c}}
@article{dup,
  title = {Second},
  author = "Smith, J. and Doe, K.
     and Roe, L",
  journal = eur,
  year = {2005}
  volume = {3},
  number = 4
}
@article(paren, title = {In (parens)}, year = {1999})
@article{title={No key}, year={2001}}
@article{q, title="A "quoted" word", year="2003"}
"""
    )
    assert (reading.format, reading.warning_counts) == ("bibtex", {})
    first, second, *others = citations
    assert (first.title, first.journal) == ("First DNA paper", "JAMA: The Journal")
    assert (first.doi, first.pages, first.year) == ("10.1000/abc_d", "1-10", 2004)
    assert (first.keywords, first.line) == (("a", "b", "c"), 7)
    assert second.authors == ("Smith, J.", "Doe, K.", "Roe, L")
    assert (second.journal, second.year) == ("Eur. Heart J.", 2005)
    assert (second.volume, second.issue, second.line) == ("3", "4", 10)
    assert [(c.title, c.year) for c in others] == [
        ("In (parens)", 1999),
        ("No key", 2001),
        ('A "quoted" word', 2003),
    ]


def test_biblatex_fields_are_read() -> None:
    _, (citation,) = read_text(
        "@online{bl, title={Main}, subtitle={More}, date={2019-03-04}, issue={2},"
        " journaltitle={JT}, eprint={1234.5678}, eprinttype={arxiv}, langid={english},"
        " url={https://x.org/~a_b}, file={:C\\:\\\\x.pdf:PDF}, urldate={2024-01-01},"
        " annotation={A note}, location={Oslo}}"
    )
    assert (citation.title, citation.year, citation.issue) == ("Main: More", 2019, "2")
    assert (citation.journal, citation.accession) == ("JT", "arXiv:1234.5678")
    assert (citation.type, citation.language) == ("web page", "english")
    assert (citation.url, citation.notes) == ("https://x.org/~a_b", "A note")


@pytest.mark.parametrize("parent_first", [True, False])
def test_a_child_inherits_from_its_parent_before_or_after_it(
    parent_first: bool,
) -> None:
    parent = "@proceedings{conf, title={Proc. of X}, year={2012}}"
    child = "@inproceedings{c, crossref={Conf}, title={Child}, author={A. Person}}"
    parts = [parent, child] if parent_first else [child, parent]
    _, citations = read_text("\n".join(parts))
    found = {citation.title: citation for citation in citations}
    assert (found["Child"].journal, found["Child"].year) == ("Proc. of X", 2012)
    assert [citation.line for citation in citations] == [1, 2]


def test_unbalanced_braces_lose_no_record() -> None:
    reading, citations = read_text(
        "@article{a,\n  title = {Never {ends},\n  author = {Foo, B},\n"
        "  year = {2010}\n\n@article{b,\n  title = {One} too many},\n"
        "  year = {2011},\n}\n@article{c, title={Whole}}\n@article{d, title={Cut off"
    )
    assert [(c.title, c.year) for c in citations] == [
        ("Never ends", 2010),
        ("One too many", 2011),
        ("Whole", None),
        ("Cut off", None),
    ]
    assert citations[0].authors == ("Foo, B",)
    assert reading.warning_counts == {
        "record-not-terminated": 2,
        "unbalanced-quotes": 1,
    }


def test_empty_entries_are_skipped_and_text_between_entries_is_kept() -> None:
    reading, citations = read_text(
        "@book{empty}\nSome text\nhere.\n@misc{a, title={One}, title={Other}}\n"
        "@book{cut,\n"
    )
    assert [citation.title for citation in citations] == ["One"]
    assert [(piece.line) for piece in reading.skipped] == [1, 5]
    assert reading.found == 3
    assert reading.warning_counts == {
        "duplicate-tag-conflict": 1,
        "empty-record": 2,
        "record-not-terminated": 1,
        "text-outside-record": 1,
    }
    assert reading.outside[0].text == "Some text\nhere."


def test_bibtexparser_finds_the_same_fields(samples: Samples) -> None:
    name = "latex-accents.bib"
    text = (samples.folder / name).read_text(encoding="utf-8")
    library = parse_string(
        text, parse_stack=[RemoveEnclosingMiddleware(allow_inplace_modification=False)]
    )
    ours = [
        (entry.key, {name: " ".join(v.split()) for name, v in entry.fields.items()})
        for entry in read_bibtex_entries(iter([text]), ReadingReport())
    ]
    theirs = [
        (e.key, {f.key.lower(): " ".join(f.value.split()) for f in e.fields})
        for e in library.entries
    ]
    # bibtexparser ignores entries whose key was used before.
    assert len(theirs) > 0.81 * samples.expected[name]["expected_records"]
    missing = [entry for entry in theirs if entry not in ours]
    assert missing == []


def test_the_size_of_the_blocks_changes_nothing() -> None:
    text = "@string{a={A}}\n@misc{x, title=a # { B},\n year={1}}\n\n@misc{y, title={C}}"
    whole = [entry.raw for entry in read_bibtex_entries(iter([text]), ReadingReport())]
    by_line = list(read_bibtex_entries(iter(text.split("\n")), ReadingReport()))
    assert [entry.raw for entry in by_line] == whole
    assert [entry.line for entry in by_line] == [2, 5]


PIECES = ["@article{a,", "title={x}", ",", "}", "{", '"', "\n", "@misc(", ")", "#", "="]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "@comment{", "year=2001", "\\", "@string{"])))
def test_counts_add_up_for_any_order_of_parts(pieces: list[str]) -> None:
    check_any(bibtex.read_bibtex, "".join(pieces))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_is_read_without_a_crash(text: str) -> None:
    check_any(bibtex.read_bibtex, text)
    check_any(bibtex.read_bibtex, f"@article{{a, title={{{text}}}, author={{{text}}}}}")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="\\{}$~-`'\"^_ aiouc=&%0"))
def test_any_latex_becomes_plain_text(latex: str) -> None:
    assert text_of(latex) == " ".join(text_of(latex).split())
    assert all(names_of(latex))


@pytest.mark.parametrize(
    "text",
    [
        "@article{a," + "{" * 100_000,
        "@article{a,title={" + "{" * 100_000 + "x" + "}" * 100_000 + "}}",
        "@article{a, title={" + "x " * 2_500_000 + "}}",
        "@article{" + " " * 2_000_000 + "x",
        "@article{a," + "b" * 2_000_000,
        '@article{a, t="' + 'a"b" ' * 200_000,
        "@a{" * 300_000,
        "@article{a,author={" + "{A} " * 100_000 + "}}",
        "@article{a,author={" + "a and " * 100_000 + "}}",
        "@comment{\n" * 100_000,
        "@article{a,title={" + "\\'" * 500_000 + "}}",
        "@article{a,title={a}}" + "} x={" * 100_000,
        "@" * 2_000_000,
    ],
)
def test_hostile_files_take_linear_time(text: str) -> None:
    assert seconds(bibtex.read_bibtex, text) < 5
