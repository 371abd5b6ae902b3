"""The columns of the tables of results: groups of a round, and the projects behind a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.assessment.bodies import SUBJECT_OF
from guatu.assessment.measures import Measured
from guatu.assessment.sifting import rate_of
from guatu.core.yuan import UNITS
from guatu.ledger.types import Nature
from guatu.planning.days import GivenDays
from guatu.planning.types import DateKind, Milestone
from guatu.ui.charts import bar
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import light, money, percent, points
from guatu.wall.project.figures import address
from guatu.wall.results.groups import BY, GroupRow
from guatu.wall.results.issued import with_issued
from guatu.wall.standing.books import JUDGED, book_of, labels_of
from guatu.wall.standing.rates import Pair, start_pair, start_words
from guatu.wall.standing.runs import Standing

YI = "亿元"


def group_columns(
    standing: Standing,
    by: str,
    *,
    has_ranks: bool,
    is_whole: bool,
    has_issued: bool = False,
    is_sheet: bool = False,
) -> list[Column[GroupRow]]:
    """The columns of a table of groups; every number is a link to its rows.

    The average of all groups stands only where the viewer sees all of them (`is_whole`): over a
    part it would be another figure for each viewer, under the same name. Beside each rate stand
    the two numbers it was computed from: on a page in one column, on a `sheet` in two.
    Where the list was adjusted since it was issued, rates stand twice (`has_issued`, M-A10).
    """
    columns = [*_completion(standing, by), *_growth(standing, by, is_sheet=is_sheet)]
    columns += _starts(standing, by, is_sheet=is_sheet)
    if has_issued:
        columns = with_issued(columns, is_sheet=is_sheet)
    if has_issued and not is_sheet:
        # The two sums beside it link to the same projects.
        columns = [one for one in columns if one.key != "compared"]
    labels, links = labels_of(standing), Links(standing, by)
    for severity in (*(one.value for one in JUDGED), "no_data"):
        columns.append(_lights(severity, labels[severity], links))
    if is_whole and SUBJECT_OF.get(by) in book_of(standing).subjects:
        columns.insert(1, Column("own-light", f"{BY[by]}的灯", _own_light, value=_own_label))
    if has_ranks:
        # Beside the name: what the table is opened for is not cut off at its end.
        columns.insert(1, Column("rank", "位次", lambda r: r.rank, "num"))
    return [one for one in columns if is_whole or one.key != "average"]


def _own_light(row: GroupRow) -> SafeString | str:
    """The light that the book gives the region or unit itself."""
    told = row.told.get("light")
    return light(told["severity"], told["label"]) if told else ""


def _own_label(row: GroupRow) -> str | None:
    told = row.told.get("light")
    return told["label"] if told else None


@dataclass(frozen=True, slots=True)
class Links:
    """The rows behind the numbers of a table of groups."""

    standing: Standing
    by: str

    def rows(self, row: GroupRow, text: object, **more: str) -> SafeString:
        """A number, or the rate beside it, as a link to the projects it counts."""
        page = reverse("results-rows", args=[self.standing.round.pk])
        # The row of all together has no key: its rows are all.
        told = {"by": self.by, "key": row.key} if row.key else {}
        query = urlencode({**told, **{name: value for name, value in more.items() if value}})
        return format_html('<a href="{}?{}">{}</a>', page, query, text)

    def count(
        self, key: str, label: str, name: str, what: str, *, kind: str = "num"
    ) -> Column[GroupRow]:
        """A column of numbers of projects."""
        return Column(
            key,
            label,
            lambda row: self.rows(row, row.told[name], what=what) if row.told[name] else 0,
            kind,
            value=lambda row: row.told[name],
        )

    def money(self, key: str, label: str, name: str, what: str) -> Column[GroupRow]:
        """A column of sums."""

        def shown(row: GroupRow) -> object:
            yuan = row.told[name]
            return "—" if yuan is None else self.rows(row, money(yuan), what=what)

        return _money(key, label, lambda row: row.told[name], shown=shown)


def _completion(standing: Standing, by: str) -> list[Column[GroupRow]]:
    """Plan and done, their quotient, and how far that is from the time and from the others."""
    conventions, links = standing.conventions, Links(standing, by)

    def rate(row: GroupRow) -> SafeString | str:
        told = row.told
        if told["completion_rate"] is None:
            return "—"
        mark = float(told["time_progress"]) / 100 if told["time_progress"] else None
        words = f"{told['completion_rate']}%"
        drawn = bar(float(told["completion_rate"]) / 100, mark=mark, label=words)
        return format_html("{} {}", drawn, words)

    def beside_average(row: GroupRow) -> str | None:
        return conventions.gap_points(row.rate, row.average)

    return [
        Column("key", BY[by], lambda r: links.rows(r, r.key), "tight", value=lambda r: r.key),
        links.count("projects", "项目数", "projects", ""),
        links.money("plan", "年度计划", "annual_plan_yuan", "in-scope"),
        links.money("done", "本年完成", "completed_yuan", "in-scope"),
        Column("rate", "完成率", rate, "num", value=lambda r: _percent(r.told["completion_rate"])),
        Column(
            "gap",
            "比时间进度",
            lambda r: points(r.told["gap_to_time_progress"]),
            "num",
            value=lambda r: _number(r.told["gap_to_time_progress"]),
        ),
        Column(
            "average",
            "比同类平均",
            lambda r: points(beside_average(r)),
            "num minor",
            value=lambda r: _number(beside_average(r)),
        ),
    ]


def _growth(standing: Standing, by: str, *, is_sheet: bool) -> list[Column[GroupRow]]:
    """Year on year beside the sums it was computed from, and of how many projects they are."""
    links = Links(standing, by)

    def comparable(name: str) -> Callable[[GroupRow], int | None]:
        return lambda row: row.told[name] if row.told["compared_projects"] else None

    def sums(row: GroupRow) -> object:
        if not row.told["compared_projects"]:
            return "—"
        now, then = (money(row.told[name]) for name in ("compared_yuan", "last_year_yuan"))
        return links.rows(row, f"{now}/{then}", what="compared")

    apart = [
        _money("compared-done", "可比本年", comparable("compared_yuan")),
        _money("ago", "可比上年", comparable("last_year_yuan")),
    ]
    together: list[Column[GroupRow]] = [Column("sums", f"可比本年/上年（{YI}）", sums, "num minor")]
    return [
        links.count("compared", "可比项目", "compared_projects", "compared", kind="num minor"),
        *(apart if is_sheet else together),
        Column(
            "growth",
            "同比",
            lambda r: percent(r.told["year_on_year"]),
            "num",
            value=lambda r: _percent(r.told["year_on_year"]),
        ),
    ]


def _starts(standing: Standing, by: str, *, is_sheet: bool) -> list[Column[GroupRow]]:
    """What should have started and has not, and the start rate with its two numbers."""
    conventions, links = standing.conventions, Links(standing, by)

    def pair(row: GroupRow) -> Pair | None:
        return start_pair(row.told, conventions)

    def rate(row: GroupRow) -> object:
        words = percent(row.told["start_rate"])
        if (one := pair(row)) is None:
            return words
        return format_html(
            '{} <span class="pair">{}/{}</span>',
            words,
            links.rows(row, one.of, what=one.of_rows),
            links.rows(row, one.among, what=one.among_rows),
        )

    of, among = start_words(conventions)
    apart: list[Column[GroupRow]] = [
        Column("started", of, lambda r: one.of if (one := pair(r)) else None, "num"),
        Column("planned", among, lambda r: one.among if (one := pair(r)) else None, "num"),
    ]
    return [
        links.count("due", "应开工", "due_starts", "due", kind="num minor"),
        links.count("overdue", "逾期", "overdue_starts", "overdue"),
        *(apart if is_sheet else []),
        Column(
            "start_rate",
            "开工率",
            (lambda r: percent(r.told["start_rate"])) if is_sheet else rate,
            "num minor",
            value=lambda r: _percent(r.told["start_rate"]),
        ),
    ]


def _lights(severity: str, label: str, links: Links) -> Column[GroupRow]:
    def shown(row: GroupRow) -> SafeString | int:
        n = row.told["lights"].get(severity, 0)
        return links.rows(row, n, light=severity) if n else 0

    return Column(
        f"light-{severity}", label, shown, "num", value=lambda r: r.told["lights"].get(severity, 0)
    )


def _money(
    key: str,
    label: str,
    value: Callable[[GroupRow], int | None],
    *,
    shown: Callable[[GroupRow], object] | None = None,
) -> Column[GroupRow]:
    def exported(row: GroupRow) -> object:
        yuan = value(row)
        return None if yuan is None else yuan / UNITS[YI]

    shown = shown or (lambda r: money(value(r)))
    return Column(key, f"{label}（{YI}）", shown, "num", value=exported)


def _percent(text: str | None) -> float | None:
    """A percentage for a workbook: the printed number, in percent."""
    return None if text is None else float(text)


_number = _percent


def row_columns(standing: Standing, given: GivenDays) -> list[Column[Measured]]:
    """The columns of the projects behind a number; figures and names as they were frozen, dates
    as exactly as they were given."""
    conventions, the_round = standing.conventions, standing.round.pk

    def rate(one: Measured) -> str | None:
        ratio = rate_of(one.completed_yuan, one.subject.plan_yuan)
        return conventions.percent("completion_rate", ratio)

    def name(one: Measured) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("project", args=[one.subject.id]), one.subject.name
        )

    def why(one: Measured) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("why", args=[the_round, one.subject.id]),
            light(one.verdict.overall.value, one.verdict.label),
        )

    def yuan(get: Callable[[Measured], int | None]) -> Callable[[Measured], object]:
        return lambda one: None if (value := get(one)) is None else value / UNITS[YI]

    def amount(
        key: str,
        label: str,
        get: Callable[[Measured], int | None],
        source: Callable[[Measured], str],
    ) -> Column[Measured]:
        def shown(one: Measured) -> object:
            value = get(one)
            if value is None:
                return "—"
            return format_html('<a href="{}">{}</a>', source(one), money(value))

        kind = "num" if key == "done" else "num minor"
        return Column(key, f"{label}（{YI}）", shown, kind, is_sortable=True, value=yuan(get))

    def plans(one: Measured) -> str:
        return f"{reverse('project-timeline', args=[one.subject.id])}?kind=lists"

    def figures(on: date) -> Callable[[Measured], str]:
        return lambda one: address(one.subject.id, on)

    period = standing.period

    def start(kind: DateKind, name: str) -> Callable[[Measured], str]:
        return lambda m: given.text(m.subject.id, Milestone.START, kind, getattr(m.subject, name))

    return [
        Column("serial", "序号", lambda m: m.subject.serial, "num minor", is_sortable=True),
        Column("name", "项目名称", name, "wide", is_sortable=True, value=lambda m: m.subject.name),
        Column("region", "地区", lambda m: m.subject.region, "tight minor"),
        Column("unit", "责任单位", lambda m: m.subject.unit, "minor"),
        Column("sector", "行业", lambda m: m.subject.sector, "tight minor"),
        Column("nature", "建设性质", lambda m: Nature(m.subject.nature).label, "tight minor"),
        amount("plan", "年度计划", lambda m: m.subject.plan_yuan, plans),
        amount("done", "本年完成", lambda m: m.completed_yuan, figures(period.as_of)),
        Column(
            "rate",
            "完成率",
            lambda m: percent(rate(m)),
            "num",
            is_sortable=True,
            value=lambda m: _percent(rate(m)),
        ),
        amount("ago", "上年同期", lambda m: m.last_year_yuan, figures(period.year_before.as_of)),
        Column("planned", "计划开工", start(DateKind.PLANNED, "planned_start"), "date minor"),
        Column("actual", "实际开工", start(DateKind.ACTUAL, "actual_start"), "date minor"),
        Column("light", "灯", why, is_sortable=True, value=lambda m: m.verdict.label),
        Column("mark", "标记", lambda m: m.mark, "tight"),
    ]
