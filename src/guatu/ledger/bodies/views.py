"""Coordinating bodies: list, one, founding and dissolving, members."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core import clock
from guatu.journal.once import once
from guatu.ledger.bodies import queries, services
from guatu.ledger.bodies.forms import BodyForm, EndForm, LeaveForm, MemberForm
from guatu.ledger.bodies.models import Body
from guatu.ledger.bodies.queries import BodyRow
from guatu.ledger.bodies.types import BodyKind, BodyState, MemberRole
from guatu.organisation import listed
from guatu.organisation.queries import organisation_names
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.organisation.views import lists
from guatu.ui.forms import Options, posted, version_of
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column


def _roster(query: QueryDict) -> Roster[BodyRow]:
    def link(row: BodyRow) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("body", args=[row.body.pk]), row.body.name
        )

    return Roster(
        "议事协调机构",
        [
            Column("name", "名称", link, "wide", is_sortable=True, value=lambda r: r.body.name),
            Column("kind", "类别", lambda r: r.kind, "tight", is_sortable=True),
            Column("state", "状态", lambda r: r.state, "tight", is_sortable=True),
            Column("paper", "成立文件", lambda r: r.body.founding_paper, "wide"),
            Column("number", "文号", lambda r: r.body.founding_number, "tight"),
            Column("unit", "办公室设在", lambda r: r.unit, "wide", is_sortable=True),
            Column("members", "成员", lambda r: r.members, "num", is_sortable=True),
            Column("from", "成立", lambda r: r.body.from_on, "date", is_sortable=True),
            Column("term", "期限", lambda r: r.body.term_to, "date", is_sortable=True),
            Column("ended", "撤销", lambda r: r.body.ended_on, "date", is_sortable=True),
        ],
        queries.body_rows(),
        lambda r: f"{r.body.name}\n{r.body.founding_paper}\n{r.unit}",
        [
            Choice("state", "状态", [(one, one) for one in BodyState.labels], lambda r: r.state),
            Choice("kind", "类别", [(one, one) for one in BodyKind.labels], lambda r: r.kind),
        ],
        search_label="名称、文件或单位",
        empty="还没有议事协调机构",
        empty_next="由项目办按成立文件登记领导小组、指挥部、办公室和专班",
        query=query,
    )


@require_safe
@needs(Right.ASSESS)
def bodies(request: HttpRequest) -> HttpResponse:
    roster = _roster(request.GET)
    living, overdue = queries.living(list(roster.rows))
    context = {**roster.page(), "living": living, "overdue": overdue}
    return render(request, "ledger/bodies_page.html", context)


@require_safe
@needs(Right.ASSESS)
def export(request: HttpRequest) -> HttpResponse:
    return lists.export(_roster(request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PROJECTS)
@once
def new(request: HttpRequest) -> HttpResponse:
    form = BodyForm(posted(request), options=_units())
    if form.do(lambda _: services.save_body(actor_of(request), form.command())):
        messages.success(request, "机构已登记，请加入成员")
        return redirect("body", form.outcome.pk)
    context = {"form": form, "title": "登记机构"}
    return render(request, "ledger/body_form.html", context, status=form.status)


@require_safe
@needs(Right.ASSESS)
def body(request: HttpRequest, body_id: int) -> HttpResponse:
    return _page(request, queries.get_body(body_id))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PROJECTS)
@once
def edit(request: HttpRequest, body_id: int) -> HttpResponse:
    found = queries.get_body(body_id)
    names = ("name", "kind", "founding_paper", "founding_number", "from_on", "term_to", "version")
    initial = {name: getattr(found, name) for name in names}
    form = BodyForm(
        posted(request),
        initial={**initial, "unit": found.organisation_id or ""},
        options=_units(),
    )
    if form.do(
        lambda told: services.save_body(
            actor_of(request), form.command(), found, version_of(told["version"])
        )
    ):
        messages.success(request, "已保存")
        return redirect("body", body_id)
    shown = queries.get_body(body_id)
    context = {"form": form, "title": f"修改{shown.name}", "body": shown}
    return render(request, "ledger/body_form.html", context, status=form.status)


@require_POST
@needs(Right.EDIT_PROJECTS)
@once
def end(request: HttpRequest, body_id: int) -> HttpResponse:
    found, form = queries.get_body(body_id), EndForm(request.POST)
    if form.do(
        lambda told: services.end_body(
            actor_of(request),
            found,
            version_of(told["version"]),
            on=told["on"],
            reason=told["reason"],
        )
    ):
        messages.success(request, f"“{found}”已撤销")
        return redirect("body", body_id)
    return _page(request, queries.get_body(body_id), end=form)


@require_POST
@needs(Right.EDIT_PROJECTS)
@once
def add_member(request: HttpRequest, body_id: int) -> HttpResponse:
    found, form = queries.get_body(body_id), MemberForm(request.POST, options=_people())
    if form.do(
        lambda told: services.add_member(
            actor_of(request),
            found,
            person_id=int(told["person"]),
            role=MemberRole(told["role"]),
            from_on=told["from_on"],
        )
    ):
        messages.success(request, "成员已加入")
        return redirect("body", body_id)
    return _page(request, found, member=form)


@require_POST
@needs(Right.EDIT_PROJECTS)
@once
def end_member(request: HttpRequest, body_id: int, member_id: int) -> HttpResponse:
    found = queries.get_body(body_id)
    member, form = queries.get_member(found, member_id), LeaveForm(request.POST)
    if form.do(
        lambda told: services.end_member(
            actor_of(request), member, version_of(told["version"]), on=told["on"]
        )
    ):
        messages.success(request, f"{member.person}自{form.cleaned_data['on']}起不再是成员")
        return redirect("body", body_id)
    return _page(request, found, leave=form, leaving=member_id)


def _page(request: HttpRequest, found: Body, **forms: Any) -> HttpResponse:
    names = organisation_names().official
    today = clock.today()
    held = found.members.select_related("person").order_by("ended_on", "from_on", "pk")
    members = [(one, names.get(one.person.organisation_id or 0, "")) for one in held]
    context = {
        "body": found,
        "unit": names.get(found.organisation_id or 0, ""),
        "state": found.state_on(today),
        "members": sorted(members, key=lambda pair: pair[0].ended_on is not None),
        "today": today,
        "leave": forms.get("leave"),
        "leaving": forms.get("leaving"),
        "member_form": forms.get("member")
        or MemberForm(initial={"from_on": today}, options=_people()),
        "end_form": forms.get("end") or EndForm(initial={"on": today, "version": found.version}),
    }
    status = 422 if forms else 200
    return render(request, "ledger/body_page.html", context, status=status)


def _units() -> Options:
    return {"unit": [("", "没有写明"), *listed.unit_choices()]}


def _people() -> Options:
    people = listed.person_choices(organisation_names().official)
    return {"person": [("", "请选人员"), *people]}
