"""URLs of the flow and the exports, under a review."""

from __future__ import annotations

from django.urls import path

from screening.flow import views

app_name = "flow"
urlpatterns = [
    path("flow/", views.flow, name="flow"),
    path("flow.json", views.flow_json, name="json"),
    path("flow.csv", views.flow_csv, name="csv"),
    path("flow.svg", views.flow_svg, name="svg"),
    path("flow/<slug:box>/", views.box, name="box"),
    path("export/", views.export, name="export"),
    path("export/records.csv", views.records_csv, name="records_csv"),
    path("export/records.ris", views.records_ris, name="records_ris"),
]
