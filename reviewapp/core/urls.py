"""Pages outside a review."""

from __future__ import annotations

from django.urls import path

from reviewapp.core.views import home

app_name = "core"
urlpatterns = [
    path("", home.home, name="home"),
    path("reviews/new/", home.new_review, name="new_review"),
    path(
        "invitations/<slug:code>/accept/",
        home.accept_invitation,
        name="accept_invitation",
    ),
    path("invitations/<str:token>/", home.invitation, name="invitation"),
]
