r"""LaTeX in BibTeX values, decoded to plain text.

The decoder makes one pass over the tokens without recursion, so hostile values (100,000
braces) cost no more than others. It uses the table of 800 symbols of pylatexenc, but
not its converter. That takes about a millisecond per name, raises an exception for deep
nesting and for macros without arguments, and does not know some common forms (tabbing
accents `\a'e`, `\textless`, `{\c S}` over groups).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from screening.citations.fields import fold

SPECIAL = re.compile(r"[\\{}$~]|--|``|''")
TOKEN = re.compile(
    r"\\a(?P<tabbing>['`=])|\\(?P<word>[A-Za-z]+)(?P<after>\*?[ \t\n]*)|\\(?P<sign>.)"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}]+)|(?P<rest>\\)",
    re.S,
)
ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "h": "\u0309",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "G": "\u030f",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
    "t": "\u0361",
    "bar": "\u0304",
    "hat": "\u0302",
    "tilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "acute": "\u0301",
    "grave": "\u0300",
    "check": "\u030c",
    "breve": "\u0306",
    "vec": "\u20d7",
}
# An accent without a letter is the sign itself: "\~{}" is a tilde.
ALONE = {"~": "~", "^": "^", "`": "`", "'": "'", '"': '"', "=": "¯"}
SIGNS = {
    "\\": " ",
    " ": " ",
    "\n": " ",
    "\t": " ",
    ",": " ",
    ";": " ",
    ":": " ",
    ">": " ",
    "/": "",
    "-": "",
    "!": "",
    "@": "",
    "(": "",
    ")": "",
    "[": "",
    "]": "",
    "|": "‖",
}
EXTRA_WORDS = {
    "LaTeX": "LaTeX",
    "P": "¶",
    "S": "§",
    "TeX": "TeX",
    "and": "&",
    "ast": "*",
    "celsius": "°C",
    "copyright": "©",
    "degree": "°",
    "epsilon": "ε",
    "euro": "€",
    "flqq": "«",
    "frqq": "»",
    "ge": "≥",
    "glqq": "„",
    "hyphen": "-",
    "grqq": "“",
    "langle": "⟨",
    "lbrack": "[",
    "le": "≤",
    "lq": "‘",
    "ne": "≠",
    "newline": " ",
    "ohm": "Ω",
    "par": " ",
    "percent": "%",
    "phi": "φ",
    "pounds": "£",
    "quad": " ",
    "qquad": " ",
    "rangle": "⟩",
    "rbrack": "]",
    "rq": "’",
    "textasciicircum": "^",
    "textbar": "|",
    "textgreater": ">",
    "textless": "<",
    "textperiodcentered": "·",
    "textunderscore": "_",
    "texttildelow": "~",
    "sim": "~",
    "micro": "µ",
    "allowbreak": "",
    "linebreak": " ",
    "nobreakdash": "",
    "nobreakspace": " ",
    "slash": "/",
    "space": " ",
    "xspace": " ",
}
# Macros that change the appearance and print nothing. Their argument is read as usual.
_LOOKS = """
    boldmath boldsymbol bf bfseries bm cal centering displaystyle em emph ensuremath
    enquote fbox footnotesize hbox huge it itshape large left Large lowercase mathbb
    mathbf mathcal mathit mathnormal mathrm mathring mathscr mathsf mathtt mbox md
    mkbibquote mkbibemph NoCaseChange noindent normalfont normalsize operatorname
    overline protect relax right rm rmfamily sc scriptsize scshape sf sffamily sl
    slshape small sout st string tiny text textbf textit textmd textnormal textrm textsc
    textsf textsl textsubscript textsuperscript texttt textup tt ttfamily ul underline
    unskip up upshape uppercase url path nolinkurl upmu chem ce bibinfo natexlab
    MakeUppercase MakeLowercase bibfnamefont bibnamefont BibitemShut
"""
LOOKS = frozenset(_LOOKS.split())
# Macros whose argument is not printed.
_SILENT = """
    cite citep citet citeauthor footnote footnotetext thanks footcite hspace vspace index label noopsort NOOPSORT noop SortNoop
    SortNoOp Sortnoop singleletter ref color textcolor href
"""
SILENT = frozenset(_SILENT.split())
# Macros inside words: the space after them only ends the name of the macro. After Greek
# letters and other symbols outside formulas, the space is part of the text.
_LEANING = """
    o O l L ae AE oe OE aa AA ss i j dh DH th TH dj DJ ng NG lq rq glqq flqq langle
    lbrace lbrack hyphen allowbreak nobreakdash slash
"""
LEANING = frozenset(_LEANING.split())
# A word that begins with a capital letter, as few macros do.
CAMEL = re.compile(r"[A-Z][a-z]{3,40}")
MACRO_LETTERS = 40
MATH = re.compile(r"(?<!\\)\$\$?([^$]{1,2000})(?<!\\)\$\$?")
MATH_SIGN = re.compile(r"[\\^_={}<>+*/]")
DEGREES = re.compile(r"\^\s?\{?\s?\\circ\b\s?\}?")
FRACTION = re.compile(r"\\[dt]?frac\s?\{([^{}]{0,200})\}\s?\{([^{}]{0,200})\}")
SCRIPT = re.compile(r"(?<!\\)[\^_]")
TIE = re.compile(r"(?<=[^\s~\\({\[])~(?=[^\s~])")
DASHES = re.compile(r"(?<!-)-{2,3}(?!-)")
QUOTES = re.compile(r"(?<!\\)(?:``|'')")
LINK_MACRO = re.compile(r"\\(?:url|path|nolinkurl|href)\s?\{")
LINK_WORD = re.compile(r"\\([A-Za-z]+)")
LINK_SIGN = re.compile(r"\\([_%&#~$^{}-])")


@cache
def symbols() -> dict[str, str]:
    """Return what each symbol macro prints, by its name without the backslash."""
    from pylatexenc.latex2text import get_default_latex_context_db

    table: dict[str, str] = {}
    for spec in get_default_latex_context_db().iter_macro_specs():
        printed = spec.simplify_repl
        if isinstance(printed, str) and 0 < len(printed) <= 2 and "%" not in printed:
            table[spec.macroname] = printed
    return table | EXTRA_WORDS


def text_of(value: str) -> str:
    """Return a value as plain text: accents, symbols and Greek as letters, no markup.

    Sub- and superscripts of formulas are written on the line ("H2O", "10-3"), as
    databases print them.
    """
    if not SPECIAL.search(value):
        return fold(value)
    if "$" in value:
        value = MATH.sub(_formula, value)
    if "~" in value:
        value = TIE.sub(" ", value)
    # This must precede the removal of braces: "-{}-" is two hyphens, "--" is a dash.
    value = QUOTES.sub(lambda quotes: "“" if quotes[0] == "``" else "”", value)
    if "--" in value:
        value = DASHES.sub(lambda dashes: "—" if len(dashes[0]) == 3 else "–", value)
    if "\\" in value or "{" in value or "}" in value:
        value = _without_macros(value)
    return fold(value)


def link_of(value: str) -> str:
    """Return an address, DOI or file name. In these, ~ and -- have no special meaning."""
    if "\\" in value or "{" in value:
        value = LINK_MACRO.sub("", value)
        value = LINK_WORD.sub(lambda m: symbols().get(m[1], m[0]), value)
        value = LINK_SIGN.sub(r"\1", value)
    value = value.replace("$<$", "<").replace("$>$", ">")
    return fold(value.replace("{", "").replace("}", ""))


def _formula(match: re.Match[str]) -> str:
    """Return a formula without its dollar signs. Amounts of money keep them."""
    inside = match.group(1)
    short = len(inside) <= 20 and inside == inside.strip()
    if not short and not MATH_SIGN.search(inside):
        return match.group()
    inside = DEGREES.sub("°", inside)
    return SCRIPT.sub("", inside)


class _Output:
    """The text so far, the accent that waits for its letter, and silent arguments."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.accent = ""
        self.depth = 0
        self.silent_above: int | None = None
        self.silent_next = False
        # True if a macro was printed as text, perhaps without its braces.
        self.is_partly_escaped = False

    def put(self, text: str) -> None:
        if self.silent_above is not None or not text:
            return
        self.silent_next = False
        if self.accent:
            letter = {"ı": "i", "ȷ": "j"}.get(text[0], text[0])
            if letter.isspace() and len(text) > 1:
                text = text.lstrip()
                letter = text[0] if text else ""
            if letter:
                text = letter + ACCENTS[self.accent] + text[1:]
                self.accent = ""
        self.parts.append(text)

    def opened(self) -> None:
        self.depth += 1
        if self.silent_next and self.silent_above is None:
            self.silent_above = self.depth
        self.silent_next = False

    def closed(self) -> None:
        if self.silent_above == self.depth:
            self.silent_above = None
        elif self.accent:
            accent, self.accent = self.accent, ""
            self.put(ALONE.get(accent, ""))
        self.depth -= 1


def _without_macros(value: str) -> str:
    if "frac" in value:
        value = FRACTION.sub(r"\1/\2", value)
    output = _Output()
    for token in TOKEN.finditer(value):
        kind = token.lastgroup
        if kind == "text":
            output.put(token["text"])
        elif kind == "brace":
            if token["brace"] == "{":
                output.opened()
            else:
                output.closed()
        elif kind == "tabbing":
            output.accent = token["tabbing"]
        elif kind == "sign":
            _sign(output, token["sign"])
        elif kind == "after":
            _word(output, token, value)
        else:
            output.put("\\")
    text = unicodedata.normalize("NFC", "".join(output.parts))
    if output.is_partly_escaped and text.count("{") != text.count("}"):
        # Braces of a macro that a program escaped only in part.
        text = text.replace("{", "").replace("}", "")
    return text


def _sign(output: _Output, sign: str) -> None:
    if sign in ACCENTS:
        output.accent = sign
    else:
        output.put(SIGNS.get(sign, sign))


def _word(output: _Output, token: re.Match[str], value: str) -> None:
    """Process a macro whose name is a word."""
    word, after = token["word"], token["after"]
    printed = symbols().get(word)
    if word in ACCENTS:
        output.accent = word
    elif printed is not None:
        output.put(printed)
        if after.strip("*") and word not in LEANING and not word.startswith("text"):
            output.put(" ")
    elif word in SILENT:
        output.silent_next = True
    elif word not in LOOKS:
        _unknown(output, word, after, is_called=value.startswith("{", token.end()))


def _unknown(output: _Output, word: str, after: str, *, is_called: bool) -> None:
    """Process a macro that nobody knows: its name is not text, what is around it is.

    In "\\textbackslashForecaster" a word follows a known macro without a space, so the
    word is text.
    """
    known = _known_beginning(word)
    if output.parts and output.parts[-1].endswith(":"):
        # The path of a file: "C:\\Users".
        output.put(f"\\{word}{after}")
        return
    if known:
        printed = symbols().get(known, "")
        output.is_partly_escaped = printed == "\\"
        output.put(("" if printed == "\\" else printed) + word[len(known) :])
    elif CAMEL.fullmatch(word):
        # "\Forecaster{}" is not a macro of LaTeX: a program wrote the backslash.
        output.put(word)
    if after and not is_called:
        output.put(" ")


@cache
def _known_names() -> frozenset[str]:
    return frozenset(symbols()) | LOOKS


def _known_beginning(word: str) -> str:
    """Return the longest known macro that a word with a capital letter starts with."""
    for end in range(min(len(word) - 1, MACRO_LETTERS), 1, -1):
        if word[end].isupper() and word[:end] in _known_names():
            return word[:end]
    return ""
