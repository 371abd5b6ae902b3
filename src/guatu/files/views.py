"""Remembered column mappings: which header of which sender means which field."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from guatu.files import queries, services
from guatu.files.queries import MappingRow
from guatu.journal.once import once
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.organisation.views import lists
from guatu.ui.rosters import Roster
from guatu.ui.tables import Column


@require_safe
@needs(Right.IMPORT_REPORTS)
def mappings(request: HttpRequest) -> HttpResponse:
    return lists.show(request, _roster(request.GET), export="admin-mappings-export")


@require_safe
@needs(Right.IMPORT_REPORTS)
def mappings_export(request: HttpRequest) -> HttpResponse:
    return lists.export(_roster(request.GET))


@require_safe
@needs(Right.IMPORT_REPORTS)
def mapping(request: HttpRequest, mapping_id: int) -> HttpResponse:
    return render(request, "files/mapping_page.html", {"row": queries.mapping_row(mapping_id)})


@require_POST
@needs(Right.IMPORT_REPORTS)
@once
def forget(request: HttpRequest, mapping_id: int) -> HttpResponse:
    told = request.POST.get("version", "")
    version = int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
    row = services.forget_mapping(actor_of(request), mapping_id, version=version)
    messages.success(request, f"已忘记“{row.sender}”的列对应关系")
    return redirect("admin-mappings")


def _roster(query: QueryDict) -> Roster[MappingRow]:
    def link(row: MappingRow) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin-mapping", args=[row.pk]), row.sender
        )

    return Roster(
        "列对应关系",
        [
            Column("sender", "发送单位", link, "wide", is_sortable=True, value=lambda r: r.sender),
            Column("count", "对应的列", lambda r: len(r.columns), "num", is_sortable=True),
            Column("sheet", "工作表", lambda r: r.sheet, "tight"),
            Column("unit", "默认单位", lambda r: r.unit, "tight"),
            Column("heads", "表头", lambda r: "、".join(h for h, _, _ in r.columns)[:120], "wide"),
        ],
        queries.mapping_rows(),
        lambda r: f"{r.sender}\n{' '.join(head for head, _, _ in r.columns)}",
        default_sort="sender",
        search_label="单位或表头",
        empty="还没有记住列对应关系",
        empty_next="导入表格时选“记住”，下次同一单位的表就能认出来",
        query=query,
    )
