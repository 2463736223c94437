"""URLs of sources and records, under a review."""

from __future__ import annotations

from django.urls import path

from screening.records.models import Arm
from screening.records.views import records, sources

app_name = "records"
urlpatterns = [
    path("sources/", sources.listed, name="sources"),
    path("sources/add/", sources.add, name="source_add"),
    path(
        "sources/add/other/",
        sources.add,
        {"arm": Arm.OTHER.value},
        name="source_add_other",
    ),
    path("sources/<slug:source>/", sources.one, name="source"),
    path("sources/<slug:source>/change/", sources.change, name="source_change"),
    path("records/", records.listed, name="list"),
    path("records/<slug:record>/", records.one, name="record"),
]
