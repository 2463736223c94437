"""URLs of sources and records, under a review."""

from __future__ import annotations

from django.urls import path

from screening.records.models import Arm
from screening.records.views import records, sources

app_name = "records"
urlpatterns = [
    path("sources/", sources.list_sources, name="sources"),
    path("sources/add/", sources.add_source, name="source_add"),
    path(
        "sources/add/other/",
        sources.add_source,
        {"arm": Arm.OTHER.value},
        name="source_add_other",
    ),
    path("sources/<slug:source>/", sources.show_source, name="source"),
    path("sources/<slug:source>/change/", sources.change_source, name="source_change"),
    path("records/", records.list_records, name="list"),
    path("records/<slug:record>/", records.show_record, name="record"),
]
