"""City settings, switches and the office's calendar."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.journal.once import once
from guatu.organisation import listed, services
from guatu.organisation.access import require
from guatu.organisation.administration_forms import HolidayForm, SettingForm, SwitchForm
from guatu.organisation.limits_form import LimitsForm
from guatu.organisation.request import actor_of, needs, rights_of
from guatu.organisation.types import SETTINGS, Right

SETTING_RIGHTS = sorted({spec.right for spec in SETTINGS.values()})


@require_safe
@needs(*SETTING_RIGHTS)
def settings(request: HttpRequest) -> HttpResponse:
    context = {"rows": listed.settings(), "rights": rights_of(request)}
    return render(request, "organisation/settings_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*SETTING_RIGHTS)
@once
def setting(request: HttpRequest, key: str) -> HttpResponse:
    spec = SETTINGS.get(key)
    if spec is None:
        raise NotFound(Fault("not-found", "没有这项设置", "请回到列表重新选"))
    require(actor_of(request), spec.right)
    row = next(one for one in listed.settings() if one.spec.key == key)
    kind = LimitsForm if spec.limits_of else SettingForm
    form = kind(request.POST or None, spec=spec, value=row.value)
    if request.method == "POST" and form.do(
        lambda told: services.change_settings(
            actor_of(request), {key: told["value"]}, basis=told["basis"]
        )
    ):
        messages.success(request, f"{spec.meaning}：已改")
        return redirect("admin-settings")
    context = {"row": row, "form": form, "history": listed.setting_history(key)}
    return render(request, "organisation/setting_page.html", context, status=form.status)


@require_safe
@needs(Right.SWITCH)
def switches(request: HttpRequest) -> HttpResponse:
    return _switches_page(request, SwitchForm())


@require_POST
@needs(Right.SWITCH)
@once
def switch_on(request: HttpRequest) -> HttpResponse:
    form = SwitchForm(request.POST)

    def act(told: dict[str, Any]) -> None:
        services.switch_on(
            actor_of(request),
            told["name"],
            basis=told["basis"],
            scope=told["scope"],
            until=told["until"],
        )

    if form.do(act):
        messages.success(request, "开关已打开")
        return redirect("admin-switches")
    return _switches_page(request, form)


@require_POST
@needs(Right.SWITCH)
@once
def switch_off(request: HttpRequest) -> HttpResponse:
    services.switch_off(actor_of(request), request.POST.get("name", ""))
    messages.success(request, "开关已关闭")
    return redirect("admin-switches")


def _switches_page(request: HttpRequest, form: SwitchForm) -> HttpResponse:
    context = {"rows": listed.switches(), "form": form}
    return render(request, "organisation/switches_page.html", context, status=form.status)


@require_safe
@needs(Right.CHANGE_SETTINGS)
def holidays(request: HttpRequest) -> HttpResponse:
    return _holidays_page(request, HolidayForm())


@require_POST
@needs(Right.CHANGE_SETTINGS)
@once
def set_holiday(request: HttpRequest) -> HttpResponse:
    form = HolidayForm(request.POST)
    if form.do(
        lambda told: services.set_holiday(
            actor_of(request),
            told["day"],
            is_workday=told["is_workday"] == "yes",
            note=told["note"],
        )
    ):
        messages.success(request, f"{form.cleaned_data['day']}已写入日历")
        return redirect(f"/admin/holidays/?year={form.cleaned_data['day'].year}")
    return _holidays_page(request, form)


@require_POST
@needs(Right.CHANGE_SETTINGS)
@once
def forget_holiday(request: HttpRequest, holiday_id: int) -> HttpResponse:
    was_workday = request.POST.get("was") == "work"
    row = services.forget_holiday(actor_of(request), holiday_id, is_workday=was_workday)
    messages.success(request, f"{row.day}已恢复为通用日历的安排")
    return redirect("admin-holidays")


def _holidays_page(request: HttpRequest, form: HolidayForm) -> HttpResponse:
    asked = request.GET.get("year", "")
    this = clock.today().year
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this
    year = min(max(year, 2004), 2100)
    context = {
        "year": year,
        "before": year - 1,
        "after": year + 1,
        "rows": listed.calendar_of(year),
        "is_known": listed.is_year_known(year),
        "form": form,
    }
    return render(request, "organisation/holidays_page.html", context, status=form.status)
