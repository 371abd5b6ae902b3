"""Addresses of the ledger room."""

from __future__ import annotations

from django.urls import include, path

from guatu.ledger.bodies import views as bodies
from guatu.ledger.views import lists, matrix, project, saved, terms

urlpatterns = [
    path("", include("guatu.ledger.making.urls")),
    path("projects/new/", project.new, name="project-new"),
    path("projects/<int:project_id>/edit/", project.edit, name="project-edit"),
    path("projects/<int:project_id>/aliases/", project.add_alias, name="alias-add"),
    path("projects/<int:project_id>/duties/", project.duties, name="project-duties"),
    path("entries/<int:entry_id>/leave/", project.leave, name="entry-leave"),
    path("entries/<int:entry_id>/rejoin/", project.rejoin, name="entry-rejoin"),
    path("lists/", lists.lists, name="lists"),
    path("lists/export/", lists.lists_export, name="lists-export"),
    path("lists/new/", lists.new, name="list-new"),
    path("lists/<int:list_id>/", lists.one_list, name="list"),
    path("lists/<int:list_id>/export/", lists.export, name="list-export"),
    path("lists/<int:list_id>/edit/", lists.edit, name="list-edit"),
    path("lists/<int:list_id>/add/", lists.add, name="list-add"),
    path("responsibilities/", matrix.responsibilities, name="responsibilities"),
    path("responsibilities/export/", matrix.export, name="responsibilities-export"),
    path("terms/", terms.terms, name="terms"),
    path("terms/export/", terms.export, name="terms-export"),
    path("terms/add/", terms.add, name="term-add"),
    path("terms/<int:term_id>/", terms.term, name="term"),
    path("terms/<int:term_id>/rename/", terms.rename, name="term-rename"),
    path("terms/<int:term_id>/merge/", terms.merge, name="term-merge"),
    path("terms/<int:term_id>/remove/", terms.remove, name="term-remove"),
    path("terms/<int:term_id>/move/", terms.move, name="term-move"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/export/", bodies.export, name="bodies-export"),
    path("bodies/new/", bodies.new, name="body-new"),
    path("bodies/<int:body_id>/", bodies.body, name="body"),
    path("bodies/<int:body_id>/edit/", bodies.edit, name="body-edit"),
    path("bodies/<int:body_id>/end/", bodies.end, name="body-end"),
    path("bodies/<int:body_id>/members/", bodies.add_member, name="body-member-add"),
    path(
        "bodies/<int:body_id>/members/<int:member_id>/end/",
        bodies.end_member,
        name="body-member-end",
    ),
    path("views/", saved.views, name="views"),
    path("views/save/", saved.save, name="view-save"),
    path("views/<int:view_id>/rename/", saved.rename, name="view-rename"),
    path("views/<int:view_id>/remove/", saved.remove, name="view-remove"),
]
