"""The administrators' lists: columns, filters and words. Rows come from `listed`."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.organisation import listed
from guatu.organisation.listed import AccountRow, PersonRow, RoleRow, UnitRow
from guatu.organisation.services.structure import BEGINNING
from guatu.organisation.types import OrganisationKind, RegionKind, Role, UserKind
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column

_ENDED = (("open", "在用"), ("ended", "已撤销"))


def organisations(query: QueryDict) -> Roster[UnitRow]:
    """Organisations in the order of the tree."""
    return Roster(
        "单位",
        _unit_columns("admin-organisation", "organisation_id", has_region=True),
        listed.organisations(),
        _unit_words,
        [
            Choice("kind", "类别", [(one, one) for one in OrganisationKind.labels], _kind_of),
            Choice("state", "状态", _ENDED, _state_of),
        ],
        search_label="名称、曾用名或别名",
        empty="还没有单位",
        query=query,
    )


def regions(query: QueryDict) -> Roster[UnitRow]:
    """Regions in the order of the tree."""
    return Roster(
        "地区",
        _unit_columns("admin-region", "region_id", has_region=False),
        listed.regions(),
        _unit_words,
        [
            Choice("kind", "类别", [(one, one) for one in RegionKind.labels], _kind_of),
            Choice("state", "状态", _ENDED, _state_of),
        ],
        search_label="名称、曾用名、别名或代码",
        empty="还没有地区",
        query=query,
    )


def _unit_columns(url_name: str, key: str, *, has_region: bool) -> list[Column[UnitRow]]:
    def link(row: UnitRow) -> SafeString:
        return format_html(
            '{}<a href="{}">{}</a>',
            "　" * row.depth,
            reverse(url_name, kwargs={key: row.pk}),
            row.name,
        )

    where = Column[UnitRow]("region", "所属地区", lambda r: r.region, "tight", is_sortable=True)
    code = Column[UnitRow]("code", "代码", lambda r: r.code, "tight", is_sortable=True)
    return [
        Column("name", "名称", link, "wide", is_sortable=True, value=lambda r: r.name),
        Column("kind", "类别", lambda r: r.kind, "tight", is_sortable=True),
        Column("parent", "上级", lambda r: r.parent, "tight", is_sortable=True),
        where if has_region else code,
        Column("since", "现名起始", _since, "date", is_sortable=True),
        Column("former", "曾用名", lambda r: "、".join(r.former), "wide"),
        Column("aliases", "其他写法", lambda r: "、".join(r.aliases), "wide"),
        Column("ended", "撤销", lambda r: r.ended_on, "date", is_sortable=True),
    ]


def _since(row: UnitRow) -> date | None:
    """The day of the present name; none where it was there before the platform."""
    return None if row.since == BEGINNING else row.since


def _unit_words(row: UnitRow) -> str:
    return "\n".join((row.name, row.code, *row.former, *row.aliases))


def _kind_of(row: UnitRow | AccountRow) -> str:
    return row.kind


def _state_of(row: UnitRow) -> str:
    return "ended" if row.ended_on else "open"


def people(query: QueryDict) -> Roster[PersonRow]:
    """Persons with a duty."""

    def link(row: PersonRow) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin-person", args=[row.person.pk]), row.person.name
        )

    rows = listed.persons()
    units = sorted({row.unit for row in rows if row.unit})
    return Roster(
        "人员",
        [
            Column("name", "姓名", link, "tight", is_sortable=True, value=lambda r: r.person.name),
            Column("unit", "单位", lambda r: r.unit, "wide", is_sortable=True),
            Column("phone", "办公电话", lambda r: r.person.phone, "tight"),
            Column(
                "account",
                "账号",
                lambda r: "、".join(login for _, login in r.accounts),
                is_sortable=True,
            ),
        ],
        rows,
        lambda r: f"{r.person.name}\n{r.unit}\n{' '.join(login for _, login in r.accounts)}",
        [
            Choice("unit", "单位", [(one, one) for one in units], lambda r: r.unit),
            Choice(
                "account",
                "账号",
                [("yes", "有账号"), ("no", "没有账号")],
                lambda r: "yes" if r.accounts else "no",
            ),
        ],
        default_sort="unit",
        search_label="姓名、单位或账号",
        empty="还没有人员",
        empty_next="导入清单时，包联领导会自动登记；也可以新增",
        query=query,
    )


def accounts(query: QueryDict) -> Roster[AccountRow]:
    """Accounts with unit, person, kind, state and roles."""

    def link(row: AccountRow) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin-user", args=[row.user.pk]), row.user.login
        )

    return Roster(
        "账号",
        [
            Column(
                "login", "登录名", link, "tight", is_sortable=True, value=lambda r: r.user.login
            ),
            Column(
                "person",
                "本人",
                lambda r: r.user.person.name if r.user.person else "",
                "tight",
                is_sortable=True,
            ),
            Column("unit", "单位", lambda r: r.unit, "wide", is_sortable=True),
            Column("kind", "类别", lambda r: r.kind, "tight", is_sortable=True),
            Column("state", "状态", lambda r: r.state, "tight", is_sortable=True),
            Column("roles", "角色", lambda r: "、".join(r.roles), "wide"),
        ],
        listed.accounts(),
        lambda r: f"{r.user.login}\n{r.user.person.name if r.user.person else ''}\n{r.unit}",
        [
            Choice("kind", "类别", [(one, one) for one in UserKind.labels], _kind_of),
            Choice("state", "状态", [(one, one) for one in listed.STATES], lambda r: r.state),
            Choice(
                "role",
                "有没有角色",
                [("yes", "有角色"), ("no", "没有角色")],
                lambda r: "yes" if r.roles else "no",
            ),
        ],
        default_sort="login",
        search_label="登录名、姓名或单位",
        row_class=lambda r: "" if r.user.is_active else "faint",
        empty="还没有账号",
        query=query,
    )


def roles(query: QueryDict) -> Roster[RoleRow]:
    """Every role ever given, with scope and days."""

    def link(row: RoleRow) -> SafeString:
        user = row.assignment.user
        return format_html('<a href="{}">{}</a>', reverse("admin-user", args=[user.pk]), user.login)

    return Roster(
        "角色",
        [
            Column(
                "login",
                "账号",
                link,
                "tight",
                is_sortable=True,
                value=lambda r: r.assignment.user.login,
            ),
            Column("role", "角色", lambda r: r.role, "tight", is_sortable=True),
            Column("scope", "范围", lambda r: r.scope, "wide", is_sortable=True),
            Column("from", "起始", lambda r: r.assignment.valid_from, "date", is_sortable=True),
            Column("granted", "授予人", lambda r: r.assignment.granted_by, "tight"),
            Column("to", "结束", lambda r: r.ended_on, "date", is_sortable=True),
            Column("ended", "结束人", lambda r: r.ended_by, "tight"),
            Column("state", "状态", lambda r: r.state, "tight", is_sortable=True),
        ],
        listed.roles(),
        lambda r: f"{r.assignment.user.login}\n{r.scope}",
        [
            Choice("role", "角色", [(one, one) for one in Role.labels], lambda r: r.role),
            Choice(
                "state",
                "状态",
                [(one, one) for one in ("有效", "未开始", "已结束")],
                lambda r: r.state,
            ),
        ],
        default_sort="login",
        search_label="账号或范围",
        row_class=lambda r: "faint" if r.state == "已结束" else "",
        empty="还没有授予角色",
        empty_next="打开一个账号，在那里授予角色",
        query=query,
    )
