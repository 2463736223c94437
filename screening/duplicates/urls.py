"""URLs of duplicates, under a review."""

from __future__ import annotations

from django.urls import path

from screening.duplicates.views import (
    dedup_settings,
    duplicates,
    field_choices,
    merge_undo,
    pair_groups,
)

app_name = "duplicates"
urlpatterns = [
    path("records/<slug:record>/fields/", field_choices.one, name="fields"),
    path("records/<slug:record>/separate/", merge_undo.cluster, name="cluster_undo"),
    path("duplicates/", duplicates.overview, name="overview"),
    path("duplicates/run/", duplicates.search, name="run"),
    path("duplicates/merges/", duplicates.merges, name="merges"),
    path("duplicates/merges/<slug:merge>/undo/", duplicates.undo, name="merge_undo"),
    path("duplicates/runs/", merge_undo.listed, name="runs"),
    path("duplicates/runs/<slug:run>/undo/", merge_undo.run, name="run_undo"),
    path("duplicates/runs/<slug:run>/restore/", merge_undo.restore, name="run_restore"),
    path("duplicates/groups/", pair_groups.kinds, name="pair_groups"),
    path("duplicates/groups/<slug:kind>/", pair_groups.kind, name="pair_group"),
    path("duplicates/settings/", dedup_settings.customs_page, name="settings"),
    path("duplicates/answers/", duplicates.answers, name="answers"),
    path("duplicates/pairs/", duplicates.pairs, name="pairs"),
    path("duplicates/pairs/<slug:pair>/", duplicates.pair, name="pair"),
    path("duplicates/pairs/<slug:pair>/answer/", duplicates.answer, name="pair_answer"),
    path("duplicates/pairs/<slug:pair>/reopen/", duplicates.reopen, name="pair_reopen"),
]
