"""URLs of the full-text pages of a review."""

from __future__ import annotations

from django.urls import path

from screening.reports import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.listed, name="reports"),
    path("reports/retrieved/", views.mark, name="mark"),
    path("reports/<slug:report>/", views.report, name="report"),
    path("reports/<slug:report>/file/", views.upload, name="upload"),
    path("reports/<slug:report>/file/<slug:file>/", views.file, name="file"),
    path(
        "reports/<slug:report>/file/<slug:file>/remove/",
        views.remove_file,
        name="remove_file",
    ),
    path("reports/<slug:report>/retrieved/", views.mark_retrieved, name="retrieved"),
    path(
        "reports/<slug:report>/not-retrieved/",
        views.mark_not_retrieved,
        name="not_retrieved",
    ),
    path("reports/<slug:report>/seek-again/", views.seek_again, name="seek_again"),
    path("reports/<slug:report>/part/", views.part, name="part"),
    path("studies/", views.studies_page, name="studies"),
    path("studies/group/", views.group, name="group"),
    path("studies/<slug:study>/", views.study, name="study"),
    path("other-methods/", views.other, name="other"),
    path("other-methods/seek/", views.seek_other, name="seek_other"),
    path(
        "other-methods/<slug:record>/not-sought/", views.not_sought, name="not_sought"
    ),
]
