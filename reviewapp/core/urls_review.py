"""Pages of the review itself: overview, team, protocol, trail, jobs."""

from __future__ import annotations

from django.urls import URLPattern, path

app_name = "review"
urlpatterns: list[URLPattern] = []
