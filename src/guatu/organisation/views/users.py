"""Accounts: list, one with what can be done to it, new. One-time passwords are shown once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core import clock
from guatu.journal.once import once, told_once
from guatu.organisation import access, listed, rosters, services
from guatu.organisation.administration_forms import (
    AccountChangeForm,
    AccountForm,
    KindForm,
    RoleEndForm,
    RoleForm,
)
from guatu.organisation.listed import AccountRow, UnitRow
from guatu.organisation.models import User
from guatu.organisation.request import actor_of, needs, rights_of, user_of
from guatu.organisation.services.users import NewAccount
from guatu.organisation.types import Right, Role, UserKind
from guatu.organisation.views import lists
from guatu.organisation.views.units import form_page, number
from guatu.ui.forms import Options, SiteForm

MANAGE, GRANT = Right.MANAGE_USERS, Right.GRANT_ROLES


@require_safe
@needs(MANAGE, GRANT)
def users(request: HttpRequest) -> HttpResponse:
    add = ("admin-user-new", "新增账号") if MANAGE in rights_of(request) else None
    return lists.show(
        request,
        rosters.accounts(request.GET),
        export="admin-users-export",
        add=add,
        proposals=listed.open_proposals(),
    )


@require_safe
@needs(MANAGE, GRANT)
def users_export(request: HttpRequest) -> HttpResponse:
    return lists.export(rosters.accounts(request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
@once
def new_user(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, options=_options())
    made: list[NewAccount] = []

    def act(told: dict[str, Any]) -> None:
        made.append(
            services.open_account(
                actor_of(request),
                told["login"],
                organisation_id=int(told["unit"]),
                kind=UserKind(told["kind"]),
                person_id=number(told["person"]),
            )
        )

    if request.method == "POST" and form.do(act):
        return _password_page(request, made[0], "账号已建立")
    return form_page(request, form, "新增账号", "admin-users", "账号")


@require_safe
@needs(MANAGE, GRANT)
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    return _user_page(request, access.get_user(user_id))


@require_POST
@needs(MANAGE)
@once
def change(request: HttpRequest, user_id: int) -> HttpResponse:
    found = access.get_user(user_id)
    form = AccountChangeForm(request.POST, options=_options())
    if form.do(
        lambda told: services.change_user(
            actor_of(request),
            user_id,
            organisation_id=int(told["unit"]),
            person_id=number(told["person"]),
            version=told["version"],
        )
    ):
        messages.success(request, "已保存")
        return redirect("admin-user", user_id=user_id)
    return _user_page(request, found, change=form)


@require_POST
@needs(MANAGE)
@once
def password(request: HttpRequest, user_id: int) -> HttpResponse:
    made = services.reissue_password(actor_of(request), user_id)
    return _password_page(request, made, "已重发一次性密码")


@require_POST
@needs(MANAGE)
@once
def disable(request: HttpRequest, user_id: int) -> HttpResponse:
    found = services.disable_user(actor_of(request), user_id)
    messages.success(request, f"账号“{found.login}”已停用，正在使用的登录随即失效")
    return redirect("admin-user", user_id=user_id)


@require_POST
@needs(MANAGE)
@once
def enable(request: HttpRequest, user_id: int) -> HttpResponse:
    found = services.enable_user(actor_of(request), user_id)
    messages.success(request, f"账号“{found.login}”已启用")
    return redirect("admin-user", user_id=user_id)


@require_POST
@needs(MANAGE)
@once
def propose_kind(request: HttpRequest, user_id: int) -> HttpResponse:
    found = access.get_user(user_id)
    form = KindForm(request.POST)
    if form.do(
        lambda told: services.propose_kind(actor_of(request), user_id, UserKind(told["kind"]))
    ):
        messages.success(request, "已提出，请安全管理员在24小时内确认")
        return redirect("admin-user", user_id=user_id)
    return _user_page(request, found, kind=form)


@require_POST
@needs(GRANT)
@once
def decide_kind(request: HttpRequest, proposal_id: int) -> HttpResponse:
    is_granted = request.POST.get("decision") == "grant"
    decision = services.decide_kind(actor_of(request), proposal_id, is_granted=is_granted)
    messages.success(request, "已确认，账号类别已改" if is_granted else "已退回，账号类别不变")
    return redirect("admin-user", user_id=decision.proposal.user_id)


@require_safe
@needs(GRANT, MANAGE)
def roles(request: HttpRequest) -> HttpResponse:
    add = ("admin-users", "到账号页授予") if GRANT in rights_of(request) else None
    return lists.show(request, rosters.roles(request.GET), export="admin-roles-export", add=add)


@require_safe
@needs(GRANT, MANAGE)
def roles_export(request: HttpRequest) -> HttpResponse:
    return lists.export(rosters.roles(request.GET))


@require_POST
@needs(GRANT)
@once
def assign_role(request: HttpRequest, user_id: int) -> HttpResponse:
    found = access.get_user(user_id)
    form = RoleForm(request.POST, options=_options())

    def act(told: dict[str, Any]) -> None:
        services.assign_role(
            actor_of(request),
            found,
            Role(told["role"]),
            scope_organisation_id=int(told["scope"]),
            valid_from=told["valid_from"],
        )

    if form.do(act):
        messages.success(request, f"已授予{Role(form.cleaned_data['role']).label}，立即生效")
        return redirect("admin-user", user_id=user_id)
    return _user_page(request, found, role=form)


@require_POST
@needs(GRANT)
@once
def end_role(request: HttpRequest, assignment_id: int) -> HttpResponse:
    row = access.get_assignment(assignment_id)
    form = RoleEndForm(request.POST)
    if not form.do(lambda told: services.end_role(actor_of(request), assignment_id, on=told["on"])):
        errors = [str(error) for of in form.errors.values() for error in of]
        return _user_page(request, row.user, end_errors=errors)
    messages.success(request, "角色已结束")
    return redirect("admin-user", user_id=row.user_id)


def _options(rows: list[UnitRow] | None = None) -> Options:
    rows = listed.organisations() if rows is None else rows
    units = listed.unit_choices(rows)
    persons = listed.person_choices({row.pk: row.name for row in rows})
    return {"unit": units, "scope": units, "person": [("", "不写"), *persons]}


def _password_page(request: HttpRequest, made: NewAccount, title: str) -> HttpResponse:
    page = render(request, "organisation/password_issued.html", {"made": made, "title": title})
    return told_once(page, "一次性密码只显示一次。没有记下的话，请在账号页重发。")


def _user_page(
    request: HttpRequest, found: User, *, end_errors: list[str] | None = None, **bound: SiteForm
) -> HttpResponse:
    units, rights = listed.organisations(), rights_of(request)
    options, names = _options(units), {row.pk: row.name for row in units}
    roles = listed.roles(found.pk, names)
    row = AccountRow(found, names.get(found.organisation_id or 0, ""), [])
    initial = {
        "unit": found.organisation_id,
        "person": found.person_id or "",
        "version": found.version,
    }
    forms: dict[str, SiteForm] = {
        "change": AccountChangeForm(initial=initial, options=options),
        "kind": KindForm(initial={"kind": found.kind}, auto_id="kind_%s"),
        "role": RoleForm(initial={"valid_from": clock.today()}, options=options, auto_id="role_%s"),
    } | bound
    context = {
        "account": found,
        "row": row,
        "roles": roles,
        "proposals": [one for one in listed.open_proposals() if one.proposal.user_id == found.pk],
        "forms": forms,
        "end_errors": end_errors,
        "may_manage": MANAGE in rights,
        "may_grant": GRANT in rights,
        "is_business": found.kind == UserKind.BUSINESS,
        "is_self": found.pk == user_of(request).pk,
        "today": clock.today(),
    }
    status = 422 if bound or end_errors else 200
    return render(request, "organisation/user_page.html", context, status=status)
