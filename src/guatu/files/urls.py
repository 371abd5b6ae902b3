"""Addresses of the files room."""

from __future__ import annotations

from django.urls import path

from guatu.files import views

urlpatterns = [
    path("admin/mappings/", views.mappings, name="admin-mappings"),
    path("admin/mappings/export/", views.mappings_export, name="admin-mappings-export"),
    path("admin/mappings/<int:mapping_id>/", views.mapping, name="admin-mapping"),
    path("admin/mappings/<int:mapping_id>/forget/", views.forget, name="admin-mapping-forget"),
]
