"""Addresses of the wall room."""

from __future__ import annotations

from django.urls import path

from guatu.wall.views import desk, library

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("projects/", library.library, name="library"),
    path("projects/export/", library.export, name="library-export"),
    path("projects/<int:project_id>/", desk.project, name="project"),
]
