"""URLs of the flow and the exports, under a review."""

from __future__ import annotations

from django.urls import path

from screening.flow.views import exports, flow

app_name = "flow"
urlpatterns = [
    path("flow/", flow.flow_page, name="flow"),
    path("flow.json", flow.flow_json, name="json"),
    path("flow.csv", flow.flow_csv, name="csv"),
    path("flow-prisma2020.csv", flow.flow_prisma2020, name="prisma2020"),
    path("flow.svg", flow.flow_svg, name="svg"),
    path("report.txt", flow.methods_report, name="report"),
    path("flow/<slug:box>/", flow.box_list, name="box"),
    path("export/", exports.export_page, name="export"),
    path("export/list/", exports.export_list, name="export_list"),
    path("export/file/", exports.export_file, name="export_file"),
    path(
        "export/records.csv", exports.records_file, {"key": "csv"}, name="records_csv"
    ),
    path(
        "export/records.ris", exports.records_file, {"key": "ris"}, name="records_ris"
    ),
]
