"""The journal for the audit administrator: entries, one entry, verification, checkpoints."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from guatu.core import clock
from guatu.core.clock import FIRST_DAY, LAST_DAY
from guatu.core.errors import BadInput, Fault, NotFound
from guatu.engines.chain import Mark
from guatu.journal import reading, verification
from guatu.journal.models import Checkpoint, Entry
from guatu.journal.once import once
from guatu.journal.words import OPERATIONS, TABLES, act_label, detail_label, table_label
from guatu.organisation.administration_forms import CheckpointForm, VerificationForm
from guatu.organisation.request import actor_of, needs
from guatu.organisation.services import audit
from guatu.organisation.types import Right
from guatu.ui.export import download, workbook
from guatu.ui.tables import Column, Grid, Page, without

READ = Right.READ_JOURNAL
MOST_EXPORTED = 50_000
_MARK = re.compile(r"([0-9]{1,18}):([0-9a-fA-F]{64})")


@require_safe
@needs(READ)
def journal(request: HttpRequest) -> HttpResponse:
    filters = _filters(request.GET)
    found = reading.entries(filters)
    page = Page.of(request.GET, found.count())
    grid = Grid(_columns(), list(found[page.start : page.start + page.size]))
    context = {
        "filters": filters,
        "grid": grid,
        "page": page,
        "acts": sorted(((act, act_label(act)) for act in reading.acts_used()), key=lambda a: a[1]),
        "tables": sorted(TABLES.items(), key=lambda one: one[1]),
        "export_query": without(request.GET, "page"),
        "report": verification.last_report(),
    }
    return render(request, "organisation/journal_page.html", context)


@require_safe
@needs(READ)
def export(request: HttpRequest) -> HttpResponse:
    found = reading.entries(_filters(request.GET))
    count = found.count()
    notes = [f"{clock.today()}导出，共{count}条"]
    if count > MOST_EXPORTED:
        notes.append(f"只含最新{MOST_EXPORTED}条，请按日期分段导出")
    rows = found[:MOST_EXPORTED].iterator(chunk_size=2_000)
    columns = [*_columns(), Column("hash", "摘要", lambda r: r.hash)]
    return download(workbook("日志", columns, rows, notes=notes), "日志.xlsx")


@require_safe
@needs(READ)
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    found = Entry.objects.filter(seq=seq).first()
    if found is None:
        raise NotFound(Fault("not-found", f"没有第{seq}条日志", "请回到日志重新选"))
    count = reading.count_of_changes(found)
    page = Page.of(request.GET, count)
    changes = reading.changes_of(found, start=page.start, size=page.size)
    body = reading.detail_of(found)
    detail = body.get("detail")
    context = {
        "entry": found,
        "label": act_label(found.act),
        "os_user": body.get("os_user", ""),
        "detail": [detail_label(key, value) for key, value in sorted(detail.items())]
        if isinstance(detail, dict)
        else [],
        "count": count,
        "page": page,
        "changes": [
            (change, table_label(change.table), OPERATIONS.get(change.op, change.op))
            for change in changes
        ],
        "before": seq - 1,
        "after": seq + 1 if Entry.objects.filter(seq=seq + 1).exists() else None,
    }
    return render(request, "organisation/journal_entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(READ)
@once
def verify(request: HttpRequest) -> HttpResponse:
    form = VerificationForm(request.POST or None)
    if request.method == "POST" and form.do(
        lambda told: audit.start_verification(actor_of(request), _marks(told["marks"]))
    ):
        return redirect("journal-verification")
    context = {"form": form, "report": verification.last_report()}
    return render(
        request,
        "organisation/verification_page.html",
        context,
        status=form.status,
    )


@require_safe
@needs(READ)
def verification_state(request: HttpRequest) -> HttpResponse:
    context = {"report": verification.last_report(), "form": VerificationForm()}
    is_fragment = bool(request.headers.get("HX-Request"))
    name = "_verification.html" if is_fragment else "verification_page.html"
    return render(request, f"organisation/{name}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(READ)
@once
def checkpoints(request: HttpRequest) -> HttpResponse:
    form = CheckpointForm(request.POST or None)
    if request.method == "POST" and form.do(
        lambda told: audit.save_checkpoint(actor_of(request), kept_at=told["kept_at"])
    ):
        messages.success(request, "检查点已记下，请下载或抄下，交给不管服务器的人")
        return redirect("journal-checkpoints")
    context = {"form": form, "rows": reading.checkpoints()[:200]}
    return render(request, "organisation/checkpoints_page.html", context, status=form.status)


@require_safe
@needs(READ)
def checkpoint(request: HttpRequest, checkpoint_id: int) -> HttpResponse:
    row = Checkpoint.objects.filter(pk=checkpoint_id).first()
    if row is None:
        raise NotFound(Fault("not-found", "没有这个检查点", "请回到列表重新选"))
    return download(f"{row.seq}:{row.hash}\n".encode(), f"检查点{row.seq}.txt", "text/plain")


def _filters(query: QueryDict) -> reading.Filters:
    row = query.get("row", "")
    table = query.get("table", "")
    return reading.Filters(
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        actor=query.get("actor", "").replace("\x00", "").strip()[:100],
        act=query.get("act", "").replace("\x00", "")[:60],
        table=table if table in TABLES else "",
        row_id=int(row) if row.isascii() and row.isdecimal() and len(row) < 16 else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _marks(text: str) -> list[Mark]:
    marks = []
    for line in text.split():
        match = _MARK.fullmatch(line)
        if match is None:
            what = f"“{line[:40]}”不是检查点"
            raise BadInput(Fault("bad-checkpoint", what, "请写成序号:摘要，每行一个"))
        marks.append(Mark(int(match[1]), match[2].lower()))
    return marks


def _columns() -> list[Column[Entry]]:
    def link(row: Entry) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("journal-entry", args=[row.seq]), row.seq)

    def count(row: Entry) -> Any:
        return reading.detail_of(row).get("changes")

    return [
        Column("seq", "序号", link, "num", value=lambda r: r.seq),
        Column("at", "时间", _instant, "tight"),
        Column("act", "办理", lambda r: act_label(r.act), "tight"),
        Column("actor", "办理人", lambda r: r.actor_text, "tight"),
        Column("unit", "单位", lambda r: r.organisation_text, "wide"),
        Column("changes", "变更行数", count, "num"),
        Column("detail", "要点", _detail, "wide"),
    ]


def _instant(row: Entry) -> str:
    return row.at.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _detail(row: Entry) -> str:
    detail = reading.detail_of(row).get("detail")
    if not isinstance(detail, dict):
        return ""
    told = (detail_label(key, value) for key, value in detail.items())
    return "，".join(f"{name}：{words}" for name, words in told)[:200]
