"""URLs of imports, skipped entries and manual entry, under a review."""

from __future__ import annotations

from django.urls import path

from screening.imports.views import (
    corrections,
    entries,
    import_undo,
    imports,
    skipped_entries,
    uploads,
)

app_name = "imports"
urlpatterns = [
    path("sources/<slug:source>/upload/", uploads.upload, name="upload"),
    path("sources/<slug:source>/enter/", entries.enter, name="enter"),
    path("sources/<slug:source>/check/", entries.check, name="check"),
    path("imports/<slug:batch>/", imports.one, name="import"),
    path("imports/<slug:batch>/commit/", imports.commit, name="import_commit"),
    path("imports/<slug:batch>/discard/", imports.discard, name="import_discard"),
    path("imports/<slug:batch>/retry/", imports.retry, name="import_retry"),
    path("imports/<slug:batch>/correct/", corrections.correct, name="import_correct"),
    path("imports/<slug:batch>/undo/", import_undo.undo, name="import_undo"),
    path("imports/<slug:batch>/restore/", import_undo.restore, name="import_restore"),
    path(
        "imports/<slug:batch>/skipped/", skipped_entries.listed, name="skipped_entries"
    ),
    path(
        "imports/<slug:batch>/skipped/<slug:entry>/",
        skipped_entries.one,
        name="skipped_entry",
    ),
    path(
        "imports/<slug:batch>/skipped/<slug:entry>/dismiss/",
        skipped_entries.drop,
        name="skipped_entry_dismiss",
    ),
    path(
        "imports/<slug:batch>/skipped/<slug:entry>/reopen/",
        skipped_entries.reopen,
        name="skipped_entry_reopen",
    ),
    path(
        "columns/<slug:template>/delete/",
        corrections.delete_template,
        name="template_delete",
    ),
    path("imports/<slug:batch>/original/", imports.original, name="import_original"),
    path(
        "imports/<slug:batch>/report.csv",
        imports.report,
        {"form": "csv"},
        name="import_report_csv",
    ),
    path(
        "imports/<slug:batch>/report.json",
        imports.report,
        {"form": "json"},
        name="import_report_json",
    ),
]
