"""URLs of pages outside a review."""

from __future__ import annotations

from django.urls import path

from reviewapp.core import views, views_account

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("reviews/new/", views.new_review, name="new_review"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    # This must come before allauth's page with the same address (reviewapp/urls.py).
    path("accounts/sessions/", views_account.sessions, name="sessions"),
    path(
        "accounts/sessions/<slug:device>/end/",
        views_account.end_session,
        name="end_session",
    ),
    path("accounts/data/", views_account.my_data, name="my_data"),
    path("accounts/data.json", views_account.export_account, name="export_account"),
    path("accounts/delete/", views_account.delete_account, name="delete_account"),
]
