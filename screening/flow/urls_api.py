"""API operations of the flow, under reviews/<review>/."""

from __future__ import annotations

from django.urls import path

from screening.flow.api import FlowView

urlpatterns = [path("flow/", FlowView.as_view(), name="flow")]
