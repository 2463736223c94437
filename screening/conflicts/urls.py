from __future__ import annotations

from django.urls import path

from screening.conflicts import views

app_name = "conflicts"
urlpatterns = [
    path("conflicts/", views.conflict_list, name="conflicts"),
    path("conflicts/resolved/", views.resolved_list, name="resolved"),
    path("conflicts/<slug:round>/", views.conflict_page, name="conflict"),
    path("conflicts/<slug:round>/comment/", views.post_comment, name="comment"),
    path("conflicts/<slug:round>/reopen/", views.reopen, name="reopen"),
    path("conflicts/<slug:round>/resolve/", views.resolve, name="resolve"),
]
