"""Pages of a member's own account.

Included before allauth's own pages, which have some of the same addresses.
"""

from __future__ import annotations

from django.urls import path

from reviewapp.accounts import views

app_name = "accounts"
urlpatterns = [
    path("accounts/sessions/", views.sessions, name="sessions"),
    path(
        "accounts/sessions/<slug:device>/end/",
        views.end_session,
        name="end_session",
    ),
    path("accounts/data/", views.my_data, name="my_data"),
    path("accounts/data.json", views.export_account, name="export_account"),
    path("accounts/delete/", views.delete_account, name="delete_account"),
]
