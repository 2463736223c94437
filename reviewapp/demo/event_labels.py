"""Labels of the events of the demo."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_LABELS = {
    "demo:loaded": _("Demo loaded"),
}
