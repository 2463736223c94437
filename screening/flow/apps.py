from __future__ import annotations

from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "screening.flow"
    label = "flow"
