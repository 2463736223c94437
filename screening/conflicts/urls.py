from __future__ import annotations

from django.urls import path

from screening.conflicts import views

app_name = "conflicts"
urlpatterns = [
    path("conflicts/", views.listed, name="conflicts"),
    path("conflicts/resolved/", views.settled, name="resolved"),
    path("conflicts/<slug:round>/", views.one, name="conflict"),
    path("conflicts/<slug:round>/comment/", views.comment, name="comment"),
    path("conflicts/<slug:round>/settle/", views.settle, name="settle"),
]
