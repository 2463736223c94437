"""URLs of sources, imports, records and duplicates, under a review."""

from __future__ import annotations

from django.urls import path

from screening.records.models import Arm
from screening.records.views import (
    corrections,
    customs,
    desk,
    duplicates,
    entries,
    fields,
    imports,
    parting,
    quarantine,
    records,
    sources,
    undoing,
)

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
    path("sources/<slug:source>/upload/", sources.upload, name="source_upload"),
    path("sources/<slug:source>/enter/", entries.enter, name="enter"),
    path("sources/<slug:source>/check/", entries.check, name="check"),
    path("imports/<slug:batch>/", imports.one, name="import"),
    path("imports/<slug:batch>/commit/", imports.commit, name="import_commit"),
    path("imports/<slug:batch>/discard/", imports.discard, name="import_discard"),
    path("imports/<slug:batch>/retry/", imports.retry, name="import_retry"),
    path("imports/<slug:batch>/correct/", corrections.correct, name="import_correct"),
    path("imports/<slug:batch>/undo/", undoing.undo, name="import_undo"),
    path("imports/<slug:batch>/restore/", undoing.restore, name="import_restore"),
    path("imports/<slug:batch>/pieces/", quarantine.listed, name="pieces"),
    path("imports/<slug:batch>/pieces/<slug:piece>/", quarantine.one, name="piece"),
    path(
        "imports/<slug:batch>/pieces/<slug:piece>/drop/",
        quarantine.drop,
        name="piece_drop",
    ),
    path(
        "imports/<slug:batch>/pieces/<slug:piece>/reopen/",
        quarantine.reopen,
        name="piece_reopen",
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
    path("records/", records.listed, name="list"),
    path("records/<slug:record>/", records.one, name="record"),
    path("records/<slug:record>/fields/", fields.one, name="fields"),
    path("records/<slug:record>/part/", parting.cluster, name="cluster_undo"),
    path("duplicates/", duplicates.overview, name="duplicates"),
    path("duplicates/search/", duplicates.search, name="search"),
    path("duplicates/merges/", duplicates.merges, name="merges"),
    path("duplicates/merges/<slug:merge>/undo/", duplicates.undo, name="undo"),
    path("duplicates/searches/", parting.listed, name="runs"),
    path("duplicates/searches/<slug:run>/undo/", parting.run, name="run_undo"),
    path(
        "duplicates/searches/<slug:run>/restore/", parting.restore, name="run_restore"
    ),
    path("duplicates/kinds/", desk.kinds, name="kinds"),
    path("duplicates/kinds/<slug:kind>/", desk.kind, name="kind"),
    path("duplicates/customs/", customs.customs_page, name="customs"),
    path("duplicates/answers/", duplicates.answers, name="answers"),
    path("duplicates/pairs/", duplicates.pairs, name="pairs"),
    path("duplicates/pairs/<slug:pair>/", duplicates.pair, name="pair"),
    path("duplicates/pairs/<slug:pair>/answer/", duplicates.answer, name="pair_answer"),
    path("duplicates/pairs/<slug:pair>/reopen/", duplicates.reopen, name="pair_reopen"),
]
