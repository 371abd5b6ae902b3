"""Addresses of the publishing room."""

from __future__ import annotations

from django.urls import path

from guatu.publishing.views import audit, circular, papers, table

urlpatterns = [
    path("papers/", papers.papers, name="papers"),
    path("papers/export/", papers.export, name="papers-export"),
    path("papers/<int:round_id>/circular/", circular.circular, name="circular"),
    path("papers/<int:round_id>/circular/edit/", circular.edit, name="circular-edit"),
    path("papers/<int:round_id>/circular/preview/", circular.preview, name="circular-preview"),
    path("papers/<int:round_id>/circular/docx/", circular.docx, name="circular-docx"),
    path("papers/<int:round_id>/circular/check/", circular.check, name="circular-check"),
    path("papers/<int:round_id>/circular/issue/", circular.issue, name="circular-issue"),
    path("papers/<int:round_id>/circular/scan/", circular.scan, name="circular-scan"),
    path("papers/<int:round_id>/circular/withdraw/", circular.withdraw, name="circular-withdraw"),
    path("papers/<int:round_id>/table/", table.table, name="table"),
    path("papers/<int:round_id>/table/filled/", table.filled, name="table-filled"),
    path("papers/<int:round_id>/table/template/", table.template, name="table-template"),
    path("projects/<int:project_id>/audit/", audit.project, name="project-audit"),
    path("lists/<int:list_id>/audit/", audit.listing, name="list-audit"),
]
