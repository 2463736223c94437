"""Decisions that another screening tool wrote into a record's notes and keywords.

They are removed from the text that a reviewer reads, because a note such as "Anna:
Excluded" reveals a colleague's decision. They are returned separately; they are offered
to a lead and never applied automatically. Notes of a named person belong to the
decision and are removed as well. The record's source text keeps everything.

Known: Rayyan ("RAYYAN-INCLUSION: {"Anna"=>"Included"} | RAYYAN-LABELS: a,b |
RAYYAN-EXCLUSION-REASONS: c | USER-NOTES: {"Anna"=>["text"]}", in CSV, RIS and BibTeX),
Covidence ("Exclusion reason: c; Anna Berg (2024-01-31 10:00)(Select): text;") and
ASReview ("ASReview_relevant").
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from screening.citations.fields import distinct, fold

MARK = re.compile(
    r"(RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|(?<!\w)USER-NOTES)"
    r"\s*:\s*"
)
NEXT_PART = re.compile(
    r"\s*(?:\||;)?\s*(?=(?:RAYYAN-(?:INCLUSION|LABELS|EXCLUSION-REASONS)|USER-NOTES)\s*:)"
)
AFTER_PART = re.compile(r"\s*[|;]?\s*")
STRING = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*', re.S)
ARROW = re.compile(r"\s*(?:=>|:)\s*")
BARE = re.compile(r"\s*(?:nil|null|true|false|-?\d+(?:\.\d+)?)\s*")
OPEN_HASH = re.compile(r"\s*\\?\{?\s*")
CLOSE_HASH = re.compile(r"\s*\\?\}?")
# A record has only a few of these. Further ones are removed without being read.
PARTS_AT_MOST = 100

COVIDENCE_REASON = re.compile(
    r"(?:^|(?<=[;|]))\s*Exclusion reasons?\s*:\s*([^;|]{1,500}?)\s*(?:[;|]|$)", re.I
)
COVIDENCE_NOTE = re.compile(
    r"(?:^|(?<=[;|]))[^;|()]{1,80}\(\d{4}-\d\d-\d\d[^()]{0,40}\)\s*"
    r"\([A-Za-z /-]{1,40}\):[^;|]*(?:[;|]|$)"
)
DATED = re.compile(r"\(\d{4}-\d\d-\d\d[^()]{0,40}\)\s*\(")
ASREVIEW = re.compile(
    r"(?<!\w)ASReview_(relevant|irrelevant|not_seen)(?!\w)\s*[;|]?", re.I
)


@dataclass(frozen=True, slots=True)
class PriorDecisions:
    """The rest of notes and keywords, and the decisions that were removed from them."""

    notes: str = ""
    keywords: tuple[str, ...] = ()
    decisions: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class _Taken:
    decisions: list[tuple[str, str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def take_prior(notes: str, keywords: tuple[str, ...] = ()) -> PriorDecisions:
    """Remove another tool's decisions from a record's notes and keywords.

    It costs next to nothing if there are none.
    """
    in_keywords = any(map(mentions_prior, keywords))
    if not in_keywords and not mentions_prior(notes):
        return PriorDecisions(notes, keywords)
    taken = _Taken()
    rest = _without_decisions(notes, taken)
    if in_keywords:
        keywords = _keywords_without(keywords, taken)
    return PriorDecisions(
        rest,
        keywords,
        tuple(dict.fromkeys(taken.decisions)),
        distinct(taken.labels),
        distinct(taken.reasons),
    )


def mentions_prior(text: str) -> bool:
    """Return True if a text may contain such decisions. Fast; never False if it does."""
    # To search for one rare letter is faster than to search for the word.
    return (
        ("Y" in text and "RAYYAN-" in text)
        or ("U" in text and "USER-NOTES" in text)
        or ("x" in text and "xclusion reason" in text)
        or ("_" in text and "ASReview_" in text)
        or ("(" in text and DATED.search(text) is not None)
    )


def _keywords_without(keywords: tuple[str, ...], taken: _Taken) -> tuple[str, ...]:
    """Return the keywords before the first mark, and those left after the decisions.

    A note with semicolons was split like keywords. It is joined again.
    """
    for number, keyword in enumerate(keywords):
        if MARK.search(keyword):
            rest = _without_decisions("; ".join(keywords[number:]), taken)
            return keywords[:number] + distinct(re.split(r"[;|]", rest))
    kept = [_without_decisions(keyword, taken) for keyword in keywords]
    return tuple(filter(None, kept))


def _without_decisions(text: str, taken: _Taken) -> str:
    if not mentions_prior(text):
        return text
    text = _without_rayyan(text, taken)

    def reason(match: re.Match[str]) -> str:
        taken.reasons.append(match.group(1))
        return ""

    def label(match: re.Match[str]) -> str:
        if match.group(1).lower() != "not_seen":
            taken.decisions.append(("ASReview", match.group(1).lower()))
        return ""

    text = COVIDENCE_REASON.sub(reason, text)
    text = COVIDENCE_NOTE.sub("", text)
    return ASREVIEW.sub(label, text).strip(" |;")


def _without_rayyan(text: str, taken: _Taken) -> str:
    if "=&gt;" in text or "&quot;" in text:
        text = html.unescape(text)
    kept: list[str] = []
    place = 0
    for _ in range(PARTS_AT_MOST):
        mark = MARK.search(text, place)
        if not mark:
            kept.append(text[place:])
            break
        kept.append(text[place : mark.start()])
        if re.match(r'\s*\{?\s*\\"', text[mark.end() :]):
            text = text[: mark.end()] + text[mark.end() :].replace('\\"', '"')
        place = _take_part(text, mark, taken)
        place = max(place, _end(AFTER_PART, text, place))
    return " | ".join(filter(None, (piece.strip(" |;") for piece in kept)))


def _take_part(text: str, mark: re.Match[str], taken: _Taken) -> int:
    """Read the part after a mark and return the place where it ends."""
    kind, place = mark.group(1), mark.end()
    if kind in ("RAYYAN-LABELS", "RAYYAN-EXCLUSION-REASONS"):
        end = _next_part(text, place)
        into = taken.labels if kind == "RAYYAN-LABELS" else taken.reasons
        into += text[place:end].strip(" |;").split(",")
        return end
    read = read_hash(text, place)
    if read is None or not _ends_well(text, place, read[1]):
        # A lost note is better than a decision that is shown because it could not be
        # read.
        return _next_part(text, place)
    pairs, end = read
    if kind == "RAYYAN-INCLUSION":
        # A pair without a name and a word says nothing.
        taken.decisions += [pair for pair in pairs if any(pair)]
    return end


def _ends_well(text: str, begin: int, end: int) -> bool:
    part = text[begin:end].strip()
    return part.endswith("}") or (
        part not in ("", "{") and text[end : end + 20].lstrip()[:1] in ("", "|", ";")
    )


def _next_part(text: str, place: int) -> int:
    match = NEXT_PART.search(text, place)
    return match.start() if match else len(text)


def read_hash(text: str, place: int = 0) -> tuple[list[tuple[str, str]], int] | None:
    """Return names and words of a Ruby or JSON hash and where it ends, else None.

    Names can contain quotes (escaped), commas and bars. Lists and bare values are
    ignored. The braces can be missing, because BibTeX readers remove them.
    """
    pairs: list[tuple[str, str]] = []
    place = _end(OPEN_HASH, text, place)
    while name := STRING.match(text, place):
        arrow = ARROW.match(text, name.end())
        if not arrow:
            return None
        place = arrow.end()
        if word := STRING.match(text, place):
            pairs.append((_plain(name.group(1)), _plain(word.group(1))))
            place = word.end()
        elif bare := BARE.match(text, place):
            place = bare.end()
        else:
            end = _list_end(text, place)
            if end is None:
                return None
            place = end
        if text[place : place + 1] != ",":
            break
        place += 1
    return pairs, _end(CLOSE_HASH, text, place)


def _list_end(text: str, place: int) -> int | None:
    """Return the place where the list of strings that starts here ends, else None."""
    if text[place : place + 1] != "[":
        return None
    place += 1
    while text_in := STRING.match(text, place):
        place = text_in.end()
        if text[place : place + 1] == ",":
            place += 1
    return place + 1 if text[place : place + 1] == "]" else None


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place


def _plain(text: str) -> str:
    return fold(re.sub(r"\\(.)", r"\1", text, flags=re.S))
