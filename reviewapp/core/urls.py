"""Pages outside a review."""

from __future__ import annotations

from django.urls import path

from reviewapp.core import views

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("reviews/new/", views.new_review, name="new_review"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
