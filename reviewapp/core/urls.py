"""Pages outside a review."""

from __future__ import annotations

from django.urls import URLPattern, path

app_name = "core"
urlpatterns: list[URLPattern] = []
