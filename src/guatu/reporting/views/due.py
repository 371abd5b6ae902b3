"""Days of a round, and reminders to units that are missing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.reporting.due import presenters
from guatu.reporting.due.forms import DaysForm, RemindForm
from guatu.reporting.due.services import Reminded, change_days, remind
from guatu.reporting.views.intake import office_round
from guatu.ui.export import download, workbook
from guatu.ui.forms import posted, version_of


@require_http_methods(["GET", "HEAD", "POST"])
@once
def days(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    if request.method != "POST":
        return render(request, "reporting/days_page.html", presenters.days_page(the_round))
    form = DaysForm(posted(request))
    if form.do(
        lambda typed: change_days(
            who.actor_of(request), the_round, form.command(), version_of(typed["version"])
        )
    ):
        messages.success(request, "日期已改，记入日志")
        return redirect("intake", round_id)
    context = presenters.days_page(the_round, form)
    return render(request, "reporting/days_page.html", context, status=422)


@require_safe
def reminders(request: HttpRequest, round_id: int) -> HttpResponse:
    context = presenters.reminders_page(viewer_of(request), office_round(request, round_id))
    return render(request, "reporting/reminders_page.html", context)


@require_safe
def reminders_export(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    title = f"{the_round}催报记录"
    rows = presenters.reminder_rows(the_round)
    return download(workbook(title, presenters.REMINDER_COLUMNS, rows), f"{title}.xlsx")


@require_POST
@once
def remind_units(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round, viewer = office_round(request, round_id), viewer_of(request)
    form, only = RemindForm(request.POST), request.POST.get("unit", "")[:18]
    if form.do(
        lambda typed: remind(
            who.actor_of(request),
            the_round,
            presenters.missing_of(viewer, the_round, form, only),
            typed["deadline"],
        )
    ):
        messages.success(request, _told(form.outcome))
        return redirect("intake-reminders", round_id)
    context = presenters.reminders_page(viewer, the_round, form)
    return render(request, "reporting/reminders_page.html", context, status=422)


def _told(done: Reminded) -> str:
    parts = [
        f"{len(done.sent)}个单位的消息已排队" if done.sent else "",
        f"{len(done.to_copy)}个单位没有渠道，请复制文字转发" if done.to_copy else "",
        f"{done.skipped}个单位今天已催过，没有再催" if done.skipped else "",
    ]
    return "；".join(filter(None, parts))
