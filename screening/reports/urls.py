"""URLs of the full-text pages of a review."""

from __future__ import annotations

from django.urls import path

from screening.reports import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.report_list, name="reports"),
    path("reports/retrieved/", views.mark_selected_retrieved, name="mark"),
    path("reports/<slug:report>/", views.report_page, name="report"),
    path("reports/<slug:report>/file/", views.upload_file, name="upload"),
    path("reports/<slug:report>/file/<slug:file>/", views.download_file, name="file"),
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
    path(
        "reports/<slug:report>/seek-again/", views.reopen_retrieval, name="seek_again"
    ),
    path("reports/<slug:report>/part/", views.separate_report, name="part"),
    path("studies/", views.study_list, name="studies"),
    path("studies/group/", views.group_reports, name="group"),
    path("studies/<slug:study>/", views.study_page, name="study"),
    path("other-methods/", views.other_methods, name="other"),
    path("other-methods/seek/", views.send_to_retrieval, name="seek_other"),
    path(
        "other-methods/<slug:record>/not-sought/",
        views.do_not_retrieve,
        name="not_sought",
    ),
]
