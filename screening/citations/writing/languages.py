"""Names of languages as ISO 639-1 codes, which CSL wants."""

from __future__ import annotations

import re

from screening.citations.fields import fold

# Code: names in English and in the language itself, and the codes of ISO 639-2.
_NAMES = """
af afrikaans afr
ar arabic ara
az azerbaijani aze
be belarusian bel
bg bulgarian bul
bn bengali bangla ben
bs bosnian bos
ca catalan català cat
cs czech čeština cze ces
cy welsh wel cym
da danish dansk dan
de german deutsch ger deu
el greek gre ell
en english eng
eo esperanto epo
es spanish castilian español spa
et estonian est
eu basque baq eus
fa persian farsi per fas
fi finnish suomi fin
fo faroese fao
fr french français fre fra
ga irish gle
gl galician glg
he hebrew heb
hi hindi hin
hr croatian hrvatski hrv scr
hu hungarian magyar hun
hy armenian arm hye
id indonesian ind
is icelandic íslenska ice isl
it italian italiano ita
ja japanese 日本語 jpn
ka georgian geo kat
kk kazakh kaz
ko korean 한국어 kor
la latin lat
lt lithuanian lit
lv latvian lav
mk macedonian mac mkd
ms malay may msa
mt maltese mlt
nb bokmål bokmal nob
ne nepali nep
nl dutch flemish nederlands dut nld
nn nynorsk nno
no norwegian norsk nor
pl polish polski pol
ps pashto pus
pt portuguese português por
ro romanian română rum ron
ru russian русский rus
se sami sme
si sinhala sin
sk slovak slo slk
sl slovenian slovene slv
so somali som
sq albanian alb sqi
sr serbian srp scc
sv swedish svenska swe
sw swahili swa
ta tamil tam
te telugu tel
th thai tha
tl tagalog tgl
tr turkish türkçe tur
uk ukrainian українська ukr
ur urdu urd
uz uzbek uzb
vi vietnamese vie
zh chinese mandarin 中文 chi zho
zu zulu zul
"""
CODES = {
    name: line.split()[0]
    for line in _NAMES.strip().splitlines()
    for name in line.split()
}
TAG = re.compile(r"([A-Za-z]{2})[-_]([A-Za-z]{2})")
WORD = re.compile(r"[^\W\d_]+")
# Words that say more about the language than the word before them.
NARROWER = frozenset({"nb", "nn"})


def iso_language(text: str) -> str:
    """Return the code of a language ("en", "en-GB"), "" for an unknown name.

    Of several languages it is the first, which is the language of the title.
    """
    plain = fold(text)
    tag = TAG.fullmatch(plain)
    if tag and tag.group(1).lower() in CODES:
        return f"{tag.group(1).lower()}-{tag.group(2).upper()}"
    first = re.split(r"[;,/|]", plain)[0]
    codes = [CODES[w] for w in WORD.findall(first.casefold()) if w in CODES]
    return next((code for code in codes if code in NARROWER), codes[0] if codes else "")
