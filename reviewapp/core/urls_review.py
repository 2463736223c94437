"""URLs of a review's own pages: overview, team, protocol, audit log, jobs."""

from __future__ import annotations

from django.urls import path

from reviewapp.core.views import audit_log, deletion
from reviewapp.core.views import review as views

app_name = "review"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("title/", views.rename_review, name="rename"),
    path("settings/", views.change_settings, name="configure"),
    path("settings/delete/", deletion.delete_review, name="delete"),
    path("settings/cancel-deletion/", deletion.cancel_deletion, name="cancel_deletion"),
    path("team/", views.team_page, name="team"),
    path("team/invite/", views.invite_member, name="invite"),
    path(
        "team/invitations/<slug:invitation>/withdraw/",
        views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("team/<slug:member>/role/", views.change_role, name="change_role"),
    path("team/<slug:member>/remove/", views.remove_member, name="remove_member"),
    path("protocol/", views.protocol_page, name="protocol"),
    path("protocol/edit/", views.edit_protocol, name="edit_protocol"),
    path("protocol/<int:version>/", views.protocol_page, name="protocol_version"),
    path("audit-log/", audit_log.audit_log, name="audit_log"),
    path("audit-log.csv", audit_log.audit_log_csv, name="audit_log_csv"),
    path("audit-log.jsonl", audit_log.hash_chain_file, name="hash_chain"),
    path("jobs/<slug:job>/", views.job_page, name="job"),
    path("jobs/<slug:job>/retry/", views.retry_job, name="retry_job"),
]
