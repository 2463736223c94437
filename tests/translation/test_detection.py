"""The search for untranslated texts finds them, and takes nothing else for one."""

from __future__ import annotations

import pytest

from tests.translation.pages import untranslated
from tests.translation.pseudo import accented
from tests.translation.static_python import is_sentence


def test_messages_get_accents_and_keep_placeholders_and_tags() -> None:
    assert accented("Start screening") == "⟦Šţàŕţ šçŕééñïñĝ⟧"
    assert accented('Go to <a href="%(url)s">{name}</a>.') == (
        '⟦Ĝö ţö <a href="%(url)s">{name}</a>.⟧'
    )


@pytest.mark.parametrize(
    "content",
    [
        "<p>No records yet</p>",
        '<button aria-label="Close">⟦Çļöšé⟧</button>',
        '<input placeholder="Search">',
        '<p data-message="Not saved yet">–</p>',
        "<svg><title>Flow diagram</title></svg>",
        f"<p>{accented('Waiting for')} Review lead</p>",
        "<p>3 votes</p>",
    ],
)
def test_untranslated_texts_are_found(content: str) -> None:
    assert list(untranslated(content))


@pytest.mark.parametrize(
    "content",
    [
        f"<p title='{accented('Close')}'>{accented('No records yet')}</p>",
        "<p>Ada, Medline: Peer workers in prisons: a study of theatres and users</p>",
        "<p>RIS, DOI 10.5555/world.1, https://example.org/a/b</p>",
        "<script>const words = 'Not saved yet'</script><code>manage.py</code>",
    ],
)
def test_translations_and_data_are_not_found(content: str) -> None:
    assert not list(untranslated(content))


def test_sentences_in_python_are_told_from_identifiers() -> None:
    assert is_sentence("No records yet.")
    assert not is_sentence("review:created")
    assert not is_sentence("SELECT code FROM records")
