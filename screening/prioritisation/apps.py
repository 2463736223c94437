from __future__ import annotations

from django.apps import AppConfig


class PrioritisationConfig(AppConfig):
    name = "screening.prioritisation"
    label = "prioritisation"
