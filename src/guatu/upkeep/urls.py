"""Addresses of the upkeep room."""

from __future__ import annotations

from django.urls import path

from guatu.upkeep import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("admin/backups/", views.backups, name="admin-backups"),
    path("admin/backups/make/", views.make_backup, name="admin-backup-make"),
    path("admin/doctor/", views.doctor, name="admin-doctor"),
]
