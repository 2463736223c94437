"""Decisions of other screening tools: recognised, and removed from what reviewers see."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.reading.file_reading import read_file
from screening.citations.reading.prior_decisions import take_prior
from screening.citations.reading.reading_report import ReadingReport


def read_text(text: str) -> list[Citation]:
    return list(read_file(io.BytesIO(text.encode()), name="export"))


def test_rayyan_notes_are_parsed() -> None:
    prior = take_prior(
        'First note | RAYYAN-INCLUSION: {"Anna"=>"Included", "Per"=>"Maybe"} | '
        "RAYYAN-LABELS: RCT,Norway | RAYYAN-EXCLUSION-REASONS: wrong age, animals | "
        'USER-NOTES: {"Anna"=>["check, again | later", "a \\"second\\" one"]} | Last'
    )
    assert prior.decisions == (("Anna", "Included"), ("Per", "Maybe"))
    assert prior.labels == ("RCT", "Norway")
    assert prior.reasons == ("wrong age", "animals")
    assert prior.notes == "First note | Last"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"Per Olav"', "Per Olav"),
        ('"Dahl, Nils"', "Dahl, Nils"),
        ('"A | B"', "A | B"),
        ('"Nils \\"Bull\\" Dahl"', 'Nils "Bull" Dahl'),
        ('"俊"', "俊"),
        ('"a=>b: {c}"', "a=>b: {c}"),
    ],
)
def test_names_can_contain_their_separators(written: str, name: str) -> None:
    prior = take_prior(
        f'RAYYAN-INCLUSION: {{{written}=>"Excluded"}} | RAYYAN-LABELS: x'
    )
    assert prior.decisions == ((name, "Excluded"),)
    assert prior.labels == ("x",)
    assert prior.notes == ""


@pytest.mark.parametrize(
    "broken",
    [
        'RAYYAN-INCLUSION: {"Anna"=>"Incl',
        "RAYYAN-INCLUSION: {'Anna'=>'Included'}",
        'RAYYAN-INCLUSION: {"Anna"=>"Included" "Per"=>"Maybe"}',
        'USER-NOTES: {"Anna"=>["Included',
        "RAYYAN-INCLUSION: Anna Included",
    ],
)
def test_decisions_that_cannot_be_read_are_not_shown(broken: str) -> None:
    prior = take_prior(f"A note | {broken}")
    assert prior.notes == "A note"
    assert prior.decisions == ()


def test_missing_braces_and_escaped_quotes_are_read() -> None:
    for text in (
        'RAYYAN-INCLUSION: "Anna"=>"Included"',
        'RAYYAN-INCLUSION: {\\"Anna\\"=>\\"Included\\"}',
        "RAYYAN-INCLUSION: {&quot;Anna&quot;=&gt;&quot;Included&quot;}",
        'RAYYAN-INCLUSION: {"Anna": "Included"}',
    ):
        assert take_prior(text).decisions == (("Anna", "Included"),)


def test_decisions_among_keywords_are_removed() -> None:
    prior = take_prior(
        "", ("alpha", 'USER-NOTES: {"Anna"=>["one', 'two"]}', "ASReview_relevant")
    )
    assert prior.keywords == ("alpha",)
    assert prior.decisions == (("ASReview", "relevant"),)
    marked = take_prior("", ("alpha", 'RAYYAN-INCLUSION: {"A"=>"Maybe"}', "beta"))
    assert marked.keywords == ("alpha", "beta")
    assert marked.decisions == (("A", "Maybe"),)


def test_covidence_notes_are_parsed() -> None:
    prior = take_prior(
        "Entry Date: 1990 | Exclusion reason: Wrong study design; "
        "Anna Berg (2024-01-31 10:00:01)(Select): I am not sure;"
    )
    assert prior.reasons == ("Wrong study design",)
    assert prior.notes == "Entry Date: 1990"


def test_notes_without_decisions_are_unchanged() -> None:
    for text in ("", "Labels: none (a) (b)", "Included in MEDLINE; 12 refs", "a | b;"):
        prior = take_prior(text, ("x", "y"))
        assert (prior.notes, prior.keywords) == (text, ("x", "y"))
        assert prior.decisions == ()


def test_rayyan_ris_is_read_like_rayyan_csv() -> None:
    (citation,) = read_text(
        "TY  - JOUR\nTI  - X\nAU  - Berg, K\nKW  - alpha\n"
        'N1  - Mine\nN1  - RAYYAN-INCLUSION: {"Anna"=>"Included"} | RAYYAN-LABELS: RCT\n'
        'N1  - USER-NOTES: {"Anna"=>["secret"]}\nER  - \n'
    )
    assert citation.prior_decisions == (("Anna", "Included"),)
    assert citation.prior_labels == ("RCT",)
    assert citation.notes == "Mine"
    assert "secret" in citation.raw


def test_columns_of_screening_tools_are_decisions() -> None:
    (relevant, unseen) = read_text(
        "record_id,title,authors,included,exported_notes_1,asreview_ranking\n"
        '1,X,"Berg, K",1,my note,1\n2,Y,"Dahl, N",-1,,2\n'
    )
    assert relevant.prior_decisions == (("included", "1"),)
    assert relevant.notes == ""
    assert unseen.prior_decisions == ()
    (covidence,) = read_text(
        "Title,Authors,Published Year,Covidence #,Study,Notes,Tags\n"
        'X,"Berg, K.",2020,#12,Berg 2020,Exclusion reason: Wrong dose;,Ongoing; RCT\n'
    )
    assert covidence.accession == "#12"
    assert covidence.prior_reasons == ("Wrong dose",)
    assert covidence.prior_labels == ("Ongoing", "RCT")
    assert covidence.notes == ""
    (rayyan,) = read_text(
        "key,title,authors,year,RAYYAN-INCLUSION,RAYYAN-LABELS\n"
        '1,X,Berg K.,2020,"{""Anna""=>""Maybe""}","a,b"\n'
    )
    assert rayyan.prior_decisions == (("Anna", "Maybe"),)
    assert rayyan.prior_labels == ("a", "b")
    (distiller,) = read_text(
        "Refid,Title,Author,Decision,Excluded Reason\n7,X,Berg K.,Exclude,Not a trial\n"
    )
    assert distiller.prior_decisions == (("Decision", "Exclude"),)
    assert distiller.prior_reasons == ("Not a trial",)


def test_abstrackr_has_a_column_for_each_person() -> None:
    text = (
        "(internal) id,(source) id,pubmed id,abstract,title,authors,tags,"
        "consensus,labeled_at,anna,labeled_at,note,labeled_at,general notes (anna)\n"
        '1,7,none,"A","X","Berg, K and Dahl, N","rct",x,,-1,2024-01-02,1,2024-01-03,"why"\n'
        '2,8,none,"B","Y","Moe, A","",1,,1,2024-01-02,1,2024-01-03,""\n'
        '3,9,none,"C","Z","Lie, O","",o,,0,2024-01-02,o,,""\n'
        "citations that are not yet labeled by anyone\n"
        '4,10,none,"D","W","Vik, P"\n'
    )
    report = ReadingReport()
    found = list(read_file(io.BytesIO(text.encode()), name="labels.csv", report=report))
    assert [citation.prior_decisions for citation in found] == [
        (("anna", "irrelevant"), ("note", "relevant")),
        (("consensus", "relevant"), ("anna", "relevant"), ("note", "relevant")),
        (("anna", "borderline"),),
        (),
    ]
    assert found[0].prior_labels == ("rct",)
    assert [citation.notes for citation in found] == ["", "", "", ""]
    assert (found[3].title, report.skipped_count) == ("W", 0)


PIECES = st.sampled_from(
    [
        "RAYYAN-INCLUSION: ",
        "RAYYAN-LABELS: ",
        "USER-NOTES: ",
        "RAYYAN-EXCLUSION-REASONS:",
        '{"',
        '"}',
        '"=>"',
        '", "',
        '=>["',
        '"]',
        "|",
        "\\",
        ",",
        ";",
        "Anna",
        "x y",
        '"',
        "Exclusion reason: ",
        "(2024-01-01)(Select):",
        "ASReview_irrelevant",
        "&quot;",
    ]
)


@settings(max_examples=300, deadline=None)
@example('RAYYAN-INCLUSION: {""=>""}', [])
@given(st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=4))
def test_no_mark_of_another_tool_remains_in_any_text(
    notes: str, keywords: list[str]
) -> None:
    prior = take_prior(notes, tuple(keywords))
    for left in (prior.notes, *prior.keywords):
        assert "RAYYAN-INCLUSION:" not in left
        assert "RAYYAN-LABELS:" not in left
    assert all(name or word for name, word in prior.decisions)


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(NAMES, st.sampled_from(["Included", "Excluded", "Maybe"])))
def test_any_names_are_read_unchanged(decisions: dict[str, str]) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    written = ", ".join(f"{quoted(n)}=>{quoted(w)}" for n, w in decisions.items())
    prior = take_prior(f"Note | RAYYAN-INCLUSION: {{{written}}} | RAYYAN-LABELS: a")
    if not any("&" in name or "\\" in name for name in decisions):
        assert dict(prior.decisions) == {fold(n): w for n, w in decisions.items()}
    assert prior.notes == "Note"
