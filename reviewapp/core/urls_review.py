"""URLs of a review's own pages: overview, team, protocol, audit log, jobs."""

from __future__ import annotations

from django.urls import path

from reviewapp.core.views import audit_log, deletion
from reviewapp.core.views import review as views

app_name = "review"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("title/", views.rename, name="rename"),
    path("settings/", views.configure, name="configure"),
    path("settings/delete/", deletion.erase, name="delete"),
    path("settings/cancel-deletion/", deletion.keep, name="cancel_deletion"),
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
    path("audit-log/", audit_log.trail, name="audit_log"),
    path("audit-log.csv", audit_log.trail_csv, name="audit_log_csv"),
    path("audit-log.jsonl", audit_log.trail_chain, name="hash_chain"),
    path("jobs/<slug:job>/", views.job, name="job"),
    path("jobs/<slug:job>/retry/", views.retry_job, name="retry_job"),
]
