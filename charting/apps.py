from __future__ import annotations

from django.apps import AppConfig


class ChartingConfig(AppConfig):
    name = "charting"
    label = "charting"
