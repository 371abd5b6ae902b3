"""Addresses of the wall room."""

from __future__ import annotations

from django.urls import path

from guatu.ledger.types import SubjectKind
from guatu.wall.views import bulk, campaigns, desk, library, project, records, results, targets

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("projects/", library.library, name="library"),
    path("projects/export/", library.export, name="library-export"),
    path("projects/bulk/", bulk.change, name="bulk-change"),
    path("projects/bulk/confirm/", bulk.confirm, name="bulk-confirm"),
    path("projects/bulk/apply/", bulk.apply, name="bulk-apply"),
    path("projects/bulk/<int:bulk_id>/undo/", bulk.undo, name="bulk-undo"),
    path("projects/<int:project_id>/", project.project, name="project"),
    path("projects/<int:project_id>/card.svg", project.picture, name="project-card"),
    path("projects/<int:project_id>/figures/", project.figure_history, name="project-figures"),
    path(
        "projects/<int:project_id>/figures/export/",
        project.export_figures,
        name="project-figures-export",
    ),
    path("projects/<int:project_id>/timeline/", project.events, name="project-timeline"),
    path("projects/<int:project_id>/records/", records.project_records, name="project-records"),
    path("projects/<int:project_id>/records/add/", records.record, name="project-record"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/export/", campaigns.export, name="campaigns-export"),
    path("campaigns/new/", campaigns.new, name="campaign-new"),
    path("campaigns/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/export/", campaigns.export_rows, name="campaign-export"),
    path("campaigns/<int:campaign_id>/edit/", campaigns.edit, name="campaign-edit"),
    path("campaigns/<int:campaign_id>/end/", campaigns.end, name="campaign-end"),
    path("campaigns/<int:campaign_id>/result/", campaigns.result, name="campaign-result"),
    path("records/", records.records, name="records"),
    path("records/export/", records.export, name="records-export"),
    path("records/save/", records.save, name="records-save"),
    path(
        "records/units/<int:subject_id>/",
        records.other_records,
        {"kind": SubjectKind.ORGANISATION},
        name="organisation-records",
    ),
    path(
        "records/regions/<int:subject_id>/",
        records.other_records,
        {"kind": SubjectKind.REGION},
        name="region-records",
    ),
    path("records/<int:value_id>/withdraw/", records.withdraw, name="record-withdraw"),
    path("lists/<int:list_id>/pace/", targets.pace, name="list-pace"),
    path("lists/<int:list_id>/pace/export/", targets.export_pace, name="list-pace-export"),
    path("lists/<int:list_id>/halves/", targets.halves, name="list-halves"),
    path("lists/<int:list_id>/halves/export/", targets.export_halves, name="list-halves-export"),
    path("lists/<int:list_id>/targets/", targets.targets, name="list-targets"),
    path("lists/<int:list_id>/targets/export/", targets.export_targets, name="list-targets-export"),
    path("lists/<int:list_id>/targets/set/", targets.set_target, name="list-targets-set"),
    path("results/", results.newest, name="results-newest"),
    path("results/<int:round_id>/", results.results, name="results"),
    path("results/<int:round_id>/export/", results.export, name="results-export"),
    path("results/<int:round_id>/rows/", results.project_rows, name="results-rows"),
    path("results/<int:round_id>/rows/export/", results.export_rows, name="results-rows-export"),
    path("results/<int:round_id>/why/<int:project_id>/", results.explanation, name="why"),
]
