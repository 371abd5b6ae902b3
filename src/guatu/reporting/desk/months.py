"""The list of rounds: open ones first, each with the way to its desk and its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.core.errors import BadInput, Fault, NotFound
from guatu.core.periods import Grain
from guatu.ledger.models import ProjectList
from guatu.ledger.queries import lists_seen
from guatu.ledger.request import Viewer
from guatu.organisation.types import Right, UserKind
from guatu.reporting.access import rounds_seen
from guatu.reporting.models import Period, Round
from guatu.reporting.services.rounds import next_period, next_periods
from guatu.reporting.types import RoundState
from guatu.ui.export import download, workbook
from guatu.ui.tables import Column, Grid, Page, listing, without

ORDER = {"period": "period__last_on", "list": "list__name", "due": "due_at", "state": "state"}


@dataclass(frozen=True, slots=True)
class Links:
    """Which ways a user may take from a round."""

    to_desk: bool
    to_round: bool


def _columns(links: Links) -> list[Column[Round]]:
    def ways(one: Round) -> SafeString | str:
        return _ways(one, links)

    def listed(one: Round) -> SafeString | str:
        # Who has no page of the round finds his projects there.
        if links.to_desk or links.to_round:
            return str(one.list)
        page = f"{reverse('library')}?list={one.list_id}"
        return format_html('<a href="{}">{}</a>', page, one.list)

    def named(one: Round) -> SafeString | str:
        return _named(one, links)

    ways_in = [Column("acts", "进入", ways, "tight no-print")]
    return [
        Column("period", "期别", named, "tight", is_sortable=True, value=lambda r: r.period.label),
        Column("list", "清单", listed, is_sortable=True, value=lambda r: str(r.list)),
        Column("cut-off", "数据截至", lambda r: r.cut_off_on, "date"),
        Column("due", "报送截止", lambda r: r.due_on, "date", is_sortable=True),
        Column("state", "状态", lambda r: RoundState(r.state).label, "tight", is_sortable=True),
        Column("revision", "版次", lambda r: f"第{r.revision}版" if r.revision else None, "tight"),
        *(ways_in if links.to_desk or links.to_round else []),
    ]


def _named(the_round: Round, links: Links) -> SafeString | str:
    """The period, with the way that is taken most: the desk while it is open, else the page."""
    is_open = the_round.state == RoundState.OPEN
    names = ["intake"] if links.to_desk and (is_open or not links.to_round) else []
    names += ["round"] if links.to_round else []
    if not names:
        return the_round.period.label
    page = reverse(names[0], args=[the_round.pk])
    return format_html('<a href="{}">{}</a>', page, the_round.period.label)


def _ways(the_round: Round, links: Links) -> SafeString | str:
    desk = (
        format_html('<a href="{}">收表台</a> ', reverse("intake", args=[the_round.pk]))
        if links.to_desk
        else ""
    )
    page = (
        format_html('<a href="{}">本期页面</a>', reverse("round", args=[the_round.pk]))
        if links.to_round
        else ""
    )
    return format_html("{}{}", desk, page) if desk or page else ""


def require_business(viewer: Viewer) -> None:
    """Raise NotFound for administrators: they have no part in reports."""
    if viewer.user.kind != UserKind.BUSINESS:
        raise NotFound(Fault("not-found", "没有这个页面", "请从工作台进入"))


def chosen_list(viewer: Viewer, text: str) -> ProjectList:
    """The list that a form names, among those the user sees. Raises BadInput."""
    lists = lists_seen(viewer.user, viewer.assignments)
    found = next((one for one in lists if str(one.pk) == text), None)
    if found is None:
        raise BadInput(Fault("no-list", "没有选清单", "请选一份清单"))
    return found


def _found(viewer: Viewer, query: QueryDict) -> QuerySet[Round]:
    require_business(viewer)
    rounds = rounds_seen(viewer)
    state, text = query.get("state", ""), query.get("q", "").strip()[:50]
    if state in RoundState.values:
        rounds = rounds.filter(state=state)
    if text:
        periods = [one.pk for one in Period.objects.all() if text in one.label or text in one.key]
        rounds = rounds.filter(Q(period__in=periods) | Q(list__name__icontains=text))
    return rounds


def _asked(
    viewer: Viewer, rights: frozenset[Right], query: QueryDict
) -> tuple[QuerySet[Round], list[Column[Round]], str]:
    links = Links(Right.IMPORT_REPORTS in rights, Right.ASSESS in rights)
    columns = _columns(links)
    found = _found(viewer, query)
    asked = listing(query, columns, default_sort="-period")
    column = ORDER.get(asked.sort, "period__last_on")
    order = f"-{column}" if asked.is_descending else column
    # What is open comes first: it is what one comes for.
    first = [] if query.get("sort") else ["-state"]
    return found.order_by(*first, order, "list_id"), columns, asked.sort_text


def page(viewer: Viewer, rights: frozenset[Right], query: QueryDict) -> dict[str, Any]:
    """The context of the page. Raises NotFound for administrators."""
    found, columns, sort = _asked(viewer, rights, query)
    place = Page.of(query, found.count())
    rows = list(found[place.start : place.start + place.size])
    grid = Grid(columns, rows, sort=sort, query=without(query, "sort", "page"))
    return {
        **(_opening(viewer) if Right.IMPORT_REPORTS in rights else {}),
        "grid": grid,
        "page": place,
        "states": RoundState.choices,
        "state": query.get("state", ""),
        "text": query.get("q", "").strip()[:50],
        "export": f"{reverse('months-export')}?{without(query, 'page')}",
    }


def _opening(viewer: Viewer) -> dict[str, Any]:
    """What the form that opens a round begins with: the newest list, the period that is next."""
    lists = lists_seen(viewer.user, viewer.assignments)
    if not lists:
        return {}
    rounds = list(rounds_seen(viewer).filter(list__in=lists))
    opened = {(one.list_id, one.period.key) for one in rounds}
    own = [one for one in rounds if one.list_id == lists[0].pk and one.period.grain == Grain.MONTH]
    last = max(own, key=lambda one: one.period.last_on, default=None)
    periods = next_periods(clock.today(), [(one.pk, one.year) for one in lists], opened)
    following = next_period(lists[0], last)
    return {
        "lists": lists,
        "periods": periods,
        "next_period": following,
        "has_next": any(one.key == following for _, some in periods for one in some),
    }


def exported(viewer: Viewer, rights: frozenset[Right], query: QueryDict) -> HttpResponse:
    """The same rows as a workbook."""
    found, columns, _ = _asked(viewer, rights, query)
    kept = [column for column in columns if column.key != "acts"]
    return download(workbook("月报各期", kept, found), "月报各期.xlsx")
