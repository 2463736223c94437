"""URLs of a review's own pages: overview, team, protocol, audit log, jobs."""

from __future__ import annotations

from django.urls import path

from reviewapp.core import views_erasing, views_trail
from reviewapp.core import views_review as views

app_name = "review"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("title/", views.rename, name="rename"),
    path("settings/", views.configure, name="configure"),
    path("settings/erase/", views_erasing.erase, name="erase"),
    path("settings/keep/", views_erasing.keep, name="keep"),
    path("team/", views.team_page, name="team"),
    path("team/invite/", views.invite, name="invite"),
    path(
        "team/invitations/<slug:invitation>/withdraw/",
        views.revoke,
        name="withdraw_invitation",
    ),
    path("team/<slug:member>/role/", views.change_role, name="change_role"),
    path("team/<slug:member>/remove/", views.remove, name="remove_member"),
    path("protocol/", views.protocol_page, name="protocol"),
    path("protocol/edit/", views.edit_protocol, name="edit_protocol"),
    path("protocol/<int:version>/", views.protocol_page, name="protocol_version"),
    path("trail/", views_trail.trail, name="trail"),
    path("trail.csv", views_trail.trail_csv, name="trail_csv"),
    path("trail.jsonl", views_trail.trail_chain, name="trail_chain"),
    path("jobs/<slug:job>/", views.job, name="job"),
    path("jobs/<slug:job>/retry/", views.retry_job, name="retry_job"),
]
