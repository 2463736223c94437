"""URLs of imports, skipped entries and manual entry, under a review."""

from __future__ import annotations

from django.urls import path

from screening.imports.views import (
    corrections,
    entries,
    import_undo,
    imports,
    record_corrections,
    skipped_entries,
    uploads,
)

app_name = "imports"
urlpatterns = [
    path("sources/<slug:source>/upload/", uploads.upload_files, name="upload"),
    path("sources/<slug:source>/enter/", entries.add_record, name="enter"),
    path("sources/<slug:source>/check/", entries.check_duplicates, name="check"),
    path(
        "records/<slug:record>/correct/",
        record_corrections.correct_record,
        name="record_correct",
    ),
    path(
        "corrections/<slug:correction>/undo/",
        record_corrections.undo_correction,
        name="correction_undo",
    ),
    path("imports/<slug:batch>/", imports.show_import, name="import"),
    path("imports/<slug:batch>/commit/", imports.confirm_import, name="import_commit"),
    path(
        "imports/<slug:batch>/discard/", imports.discard_import, name="import_discard"
    ),
    path("imports/<slug:batch>/retry/", imports.resume_import, name="import_retry"),
    path(
        "imports/<slug:batch>/correct/",
        corrections.change_settings,
        name="import_correct",
    ),
    path("imports/<slug:batch>/undo/", import_undo.undo_import, name="import_undo"),
    path(
        "imports/<slug:batch>/restore/",
        import_undo.restore_import,
        name="import_restore",
    ),
    path(
        "imports/<slug:batch>/skipped/",
        skipped_entries.list_entries,
        name="skipped_entries",
    ),
    path(
        "imports/<slug:batch>/skipped/<slug:entry>/",
        skipped_entries.show_entry,
        name="skipped_entry",
    ),
    path(
        "imports/<slug:batch>/skipped/<slug:entry>/dismiss/",
        skipped_entries.dismiss_entry,
        name="skipped_entry_dismiss",
    ),
    path(
        "imports/<slug:batch>/skipped/<slug:entry>/reopen/",
        skipped_entries.reopen_entry,
        name="skipped_entry_reopen",
    ),
    path(
        "columns/<slug:template>/delete/",
        corrections.delete_template,
        name="template_delete",
    ),
    path(
        "imports/<slug:batch>/original/",
        imports.download_original,
        name="import_original",
    ),
    path(
        "imports/<slug:batch>/report.csv",
        imports.download_report,
        {"form": "csv"},
        name="import_report_csv",
    ),
    path(
        "imports/<slug:batch>/report.json",
        imports.download_report,
        {"form": "json"},
        name="import_report_json",
    ),
]
