"""API operations of the flow, under reviews/<review>/."""

from __future__ import annotations

from django.urls import path

from screening.flow.api import ExportView, FlowView

urlpatterns = [
    path("flow/", FlowView.as_view(), name="flow"),
    path("export/", ExportView.as_view(), name="export"),
]
