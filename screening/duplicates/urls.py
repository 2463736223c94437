"""URLs of duplicates, under a review."""

from __future__ import annotations

from django.urls import path

from screening.duplicates.views import (
    dedup_settings,
    duplicates,
    field_choices,
    manual_merge,
    merge_undo,
    pair_groups,
)

app_name = "duplicates"
urlpatterns = [
    path(
        "records/<slug:record>/fields/", field_choices.show_field_sources, name="fields"
    ),
    path(
        "records/<slug:record>/separate/", merge_undo.undo_cluster, name="cluster_undo"
    ),
    path("records/<slug:record>/merge/", manual_merge.merge_record, name="merge"),
    path("duplicates/", duplicates.show_overview, name="overview"),
    path("duplicates/run/", duplicates.start_run, name="run"),
    path("duplicates/merges/", duplicates.list_merges, name="merges"),
    path(
        "duplicates/merges/<slug:merge>/undo/", duplicates.undo_merge, name="merge_undo"
    ),
    path("duplicates/runs/", merge_undo.list_runs, name="runs"),
    path("duplicates/runs/<slug:run>/undo/", merge_undo.undo_run, name="run_undo"),
    path(
        "duplicates/runs/<slug:run>/restore/",
        merge_undo.restore_run,
        name="run_restore",
    ),
    path("duplicates/groups/", pair_groups.list_groups, name="pair_groups"),
    path("duplicates/groups/<slug:kind>/", pair_groups.show_group, name="pair_group"),
    path("duplicates/settings/", dedup_settings.settings_page, name="settings"),
    path("duplicates/answers/", duplicates.list_decisions, name="answers"),
    path("duplicates/pairs/", duplicates.show_next_pair, name="pairs"),
    path("duplicates/pairs/<slug:pair>/", duplicates.show_pair, name="pair"),
    path(
        "duplicates/pairs/<slug:pair>/answer/",
        duplicates.decide_pair,
        name="pair_answer",
    ),
    path(
        "duplicates/pairs/<slug:pair>/reopen/",
        duplicates.reopen_pair,
        name="pair_reopen",
    ),
]
