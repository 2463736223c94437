"""The command that collects translatable messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

PYTHON = """
from reviewapp.core.lib.translation import gettext as _, ngettext, pgettext

def build(count):
    return _("Go to {name}."), ngettext("{n} vote", "{n} votes", count)

LABEL = pgettext("a month", "May")
"""
TEMPLATE = """
{% translate "Team" %}
    {% include "a.html" with title=_("No records yet") %}
  {% blocktranslate trimmed count n=votes with name=member.name %}
    {{ name }} cast one vote.
      {% plural %}
    {{ name }} cast {{ n }} votes.
  {% endblocktranslate %}
"""


@pytest.fixture
def project(tmp_path: Path, settings: Any) -> Path:
    """A project with one Python file and one template."""
    for name, text in (
        ("reviewapp/core/a.py", PYTHON),
        ("reviewapp/core/migrations/b.py", 'LABEL = _("From a migration")'),
        ("templates/core/c.html", TEMPLATE),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    settings.BASE_DIR = tmp_path
    return tmp_path


def test_messages_of_python_files_and_templates_are_collected(project: Path) -> None:
    call_command("makemessages", stdout=None)
    text = (project / "locale/en/LC_MESSAGES/django.po").read_text()
    for message in (
        'msgid "Go to {name}."',
        'msgid "{n} vote"\nmsgid_plural "{n} votes"',
        'msgctxt "a month"\nmsgid "May"',
        'msgid "Team"',
        'msgid "No records yet"',
        'msgid "%(name)s cast one vote."\nmsgid_plural "%(name)s cast %(n)s votes."',
    ):
        assert message in text
    assert "migration" not in text
    assert "#: reviewapp/core/a.py\n" in text
    call_command("makemessages", check=True, stdout=None)
    assert (project / "locale/en/LC_MESSAGES/django.po").read_text() == text


def test_check_names_missing_and_outdated_messages(project: Path) -> None:
    call_command("makemessages", stdout=None)
    (project / "templates/core/c.html").write_text('{% translate "Members" %}')
    with pytest.raises(CommandError) as refused:
        call_command("makemessages", check=True)
    assert "missing:  Members" in str(refused.value)
    assert "outdated: Team" in str(refused.value)


def test_a_message_that_cannot_be_translated_is_refused(project: Path) -> None:
    (project / "reviewapp/core/a.py").write_text('\nTEXT = _(f"Hello {name}")')
    with pytest.raises(CommandError, match=r"reviewapp/core/a.py:2: .*f-string"):
        call_command("makemessages")
