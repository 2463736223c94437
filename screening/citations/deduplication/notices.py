"""Notices on other items: corrections, retractions, replies and comments.

Such an item has the title of the item it is about, after a word that says what it is.
"""

from __future__ import annotations

import re

# A notice on another item, in the languages of the large databases: what it is, then the
# title of the item.
_CORRECTION_NAMES = (
    r"(?:author|publisher|editor)?(?:['’]?s)?\s?(?:correction|erratum|errata(?: corrige)?|corrigend(?:um|a)|addend(?:um|a)"
    r"|correct(?:if|ion)s?|rectificati[fv](?:e|o)?|rectificación|rectificação|corrección|correcciones|correção|correzione|corrigé"
    r"|fe de erratas?|korrektur|berichtigung|korrigendum|rettelse|rettelser|rättelse|oikaisu|sprostowanie|errat(?:um|a)"
    r"|düzeltme|исправление|поправка|勘误|更正|訂正|正誤表)"
)
_RETRACTION_NAMES = (
    r"(?:(?:notice|statement) of )?(?:partial )?(?:retraction|withdrawal|rétractation|retractación|retratação|ritrattazione"
    r"|rückzug|zurückziehung|widerruf|tilbaketrekking|tilbagetrækning|отзыв статьи|撤稿|撤回)"
    r"(?: (?:note|notice|statement))?"
)
_CONCERN_NAMES = (
    r"(?:editorial )?expressions? of (?:editorial )?concern|expresión de preocupación"
)
_REPLY_NAMES = (
    r"(?:the )?(?:authors?|authors['’]|author['’]s) (?:reply|response)|(?:in )?(?:reply|response|rejoinder)|réponse(?: des auteurs)?"
    r"|antwort(?: der autoren)?|erwiderung|respuesta(?: de los autores)?|resposta(?: dos autores)?|risposta(?: degli autori)?"
    r"|replik|svar|antwoord|ответ|答复|回复"
)
# "Commentary: …" and "Letter: …" are labels of the item itself, unless "on" follows.
_COMMENT_NAMES = (
    r"(?:invited |editorial )?comment(?:ary|s)? (?:on|to)|(?:letter|response) (?:on|re|regarding|concerning)|re|regarding|concerning"
    r"|kommentar (?:zu[mr]?|til|till)|leserbrief zu[mr]?|commentaires? (?:sur|à|au|de)|à propos de|comentarios? (?:a|al|sobre|ao|à)"
    r"|commento (?:a|al|su|sul)|komentarz do|комментарий к|评论"
)
# "to", "on" and the like before a colon or a quotation mark.
_ON = (
    r"to|of|for|on|about|regarding|concerning|by|auf|zu[mr]?|von|à|au|aux|de|du|sur|d['’]|al|a|ao|en|sobre|di|del|della"
    r"|su|til|av|om|till|op|do|к|на|对|于"
)
_TITLE_FOLLOWS = rf"[\])]?(?:\s+(?:{_ON})\b)?\s*(?:[:：]\s*|[.—–-]+\s+|(?=[\"'“„«‘]))[\[(\"'“„«‘]?(?=\S.{{8}})"


def _notice(names: str, bare: str) -> re.Pattern[str]:
    """Return the pattern of a notice; after the words of ``bare`` no colon is needed.

    "Correction of scoliosis" and "Response to therapy" are no notices.
    """
    return re.compile(
        rf"^\W*(?:(?:{names}){_TITLE_FOLLOWS}|[\[(](?:{names})[\])]\s+(?=\S.{{8}})|(?:{bare})\s+(?=\S.{{15}}))",
        re.I,
    )


_NOTICES = {
    "erratum": _notice(
        f"{_CORRECTION_NAMES}|{_RETRACTION_NAMES}|{_CONCERN_NAMES}",
        rf"(?:{_CORRECTION_NAMES}|{_RETRACTION_NAMES}) (?:to|zu[mr]?|à|au|aux|al|til|till)",
    ),
    "reply": _notice(
        _REPLY_NAMES,
        r"(?:in )?repl(?:y|ies) to|rejoinder to|antwort auf|réponse (?:à|aux?)",
    ),
    "comment": _notice(
        _COMMENT_NAMES,
        r"comment(?:ary|s)? on|kommentar (?:zu[mr]?|til|till)|commentaires? (?:sur|à|de)|comentarios? (?:a|al|sobre)|commento (?:a|al|su)",
    ),
}
CORRECTION = _NOTICES["erratum"]
"""What stands before the title of a corrected or retracted item."""
_NAMES_OF_NOTICES = "|".join(
    (_CORRECTION_NAMES, _RETRACTION_NAMES, _CONCERN_NAMES, _REPLY_NAMES, _COMMENT_NAMES)
)
_MAY_BE_NOTICE = re.compile(rf"^\W*(?:{_NAMES_OF_NOTICES})", re.I)


def notice_kinds(title: str) -> set[str]:
    """Return what a title says before that of another item: "notice" and the kind.

    "Correction: TITLE" and "Antwort auf TITLE" are items of their own.
    """
    if not _MAY_BE_NOTICE.match(title):
        return set()
    kinds = {kind for kind, form in _NOTICES.items() if form.match(title)}
    return {*kinds, "notice"} if kinds else set()
