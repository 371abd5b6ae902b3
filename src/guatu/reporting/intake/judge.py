"""What becomes of a report row: taken in, taken in as questioned (待核实), or waiting. Pure.

Sources: figures.md 14, peers.md "questions to numbers", M-C2. A question never accuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from guatu.core.ratio import Ratio, percent_text
from guatu.core.yuan import wan_words
from guatu.engines.sheets import Flag
from guatu.reporting.intake.rows import ReportRow, keeps_out


@dataclass(frozen=True, slots=True)
class Question:
    """One question about a row. A waiting one keeps the row (or the cell) out."""

    code: str
    what: str
    remedy: str
    cell: str = ""
    is_waiting: bool = field(default=False, kw_only=True)
    old: str = field(default="", kw_only=True)
    """What is known and contradicts it, where something does; `new` is what the row says."""
    new: str = field(default="", kw_only=True)
    near: tuple[int, ...] = field(default=(), kw_only=True)
    """Projects that may be meant."""
    choices: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    """What can be chosen between: value and words."""
    fills: str = field(default="", kw_only=True)
    """The field that is empty and may be filled in, where it is not the one of `cell`."""
    digest: str = field(default="", kw_only=True)
    """The content of the file, where a whole table waits."""
    is_whole: bool = field(default=False, kw_only=True)
    likely: str = field(default="", kw_only=True)
    """The value of the answer that the context speaks for, and `why`; empty where nothing does."""
    why: str = field(default="", kw_only=True)

    @property
    def text(self) -> str:
        """The question and what to do about it, as it is kept."""
        return f"{self.what}。{self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is known of the project when its row comes in. Money in yuan."""

    plan_yuan: int | None
    total_yuan: int | None
    before_yuan: int | None
    before_on: date | None
    last_year_yuan: int | None
    is_last_year_closed: bool
    started_on: date | None
    completed_on: date | None
    started_look_alike: str = ""
    started_precision: str = "day"
    completed_precision: str = "day"
    is_locked_elsewhere: bool = False
    """A locked round of another list or grain holds the project on the same day."""
    now_yuan: int | None = None
    planned_start_on: date | None = None
    planned_completion_on: date | None = None
    reported_on: tuple[date, ...] = ()
    """Last days of the earlier periods that a report came for, where that was loaded."""


@dataclass(slots=True)
class Judged:
    """A row with its project and the questions it raised."""

    row: ReportRow
    project_id: int
    questions: list[Question] = field(default_factory=list)
    takes_last_year: bool = field(default=False, kw_only=True)
    takes_dates: list[str] = field(default_factory=list)

    @property
    def is_waiting(self) -> bool:
        """Whether the row stays out."""
        return any(q.is_waiting for q in self.questions)

    @property
    def is_questioned(self) -> bool:
        """Whether the row enters with a question on it."""
        return bool(self.questions) and not self.is_waiting


SUSPECT_FACTOR = 100
"""A figure this many times the plan, and above the total, is taken for a slip of the unit."""


type Settled = Callable[[Question], bool]
"""Whether somebody has answered a question already, so that it is not asked."""


def nothing_settled(question: Question) -> bool:
    """Every question is asked."""
    return False


def judge(
    row: ReportRow,
    project_id: int,
    known: Background,
    as_of: date,
    settled: Settled = nothing_settled,
) -> Judged:
    """Decide about one matched row."""
    judged = Judged(row, project_id)
    ask = judged.questions

    def put(questions: Iterable[Question]) -> None:
        ask.extend(question for question in questions if not settled(question))

    put(Question(code, what, remedy) for code, what, remedy in row.doubts)
    put(doubts(row))
    if not judged.is_waiting:
        put(_figure(row, known, as_of))
    if not judged.is_waiting:
        put(_last_year(judged, known))
        put(_dates(judged, known, as_of))
    return judged


def judge_part(
    row: ReportRow,
    project_id: int,
    known: Background,
    as_of: date,
    settled: Settled = nothing_settled,
) -> Judged:
    """Decide about a part of a package: only its dates and words are its own.

    Parts of several packages go by one name (一标段): a look-alike that started says nothing.
    """
    judged = Judged(row, project_id)
    judged.questions += [Question(code, what, remedy) for code, what, remedy in row.doubts]
    judged.questions += _dates(judged, replace(known, started_look_alike=""), as_of)
    judged.questions = [one for one in judged.questions if not settled(one)]
    return judged


def doubts(row: ReportRow) -> list[Question]:
    """Cells that could not be read or must be asked about: each keeps the row waiting."""
    cells: list[tuple[str, Flag]] = list(row.flags)
    for amount in row.amounts.values():
        cells += [(amount.cell, flag) for flag in amount.flags]
    for given in row.dates.values():
        cells += [(given.cell, flag) for flag in given.flags]
    return [
        Question(flag.code, f"{row.name}：{flag.what}", flag.remedy, cell, is_waiting=True)
        for cell, flag in cells
        if keeps_out(flag)
    ]


def _figure(row: ReportRow, known: Background, as_of: date) -> Iterator[Question]:
    amount = row.investment
    if amount is None or amount.yuan is None:
        yield from _no_figure(row, known)
        return
    yuan, cell = amount.yuan, amount.cell
    if known.is_locked_elsewhere and yuan != known.now_yuan:
        held = "没有数" if known.now_yuan is None else wan_words(known.now_yuan)
        yield Question(
            "locked-elsewhere",
            f"另一清单同一天的数已锁定（{held}），与本表的{wan_words(yuan)}不同",
            "请核实；确需更改请对已锁定的一期办理更正",
            cell,
            is_waiting=True,
            old=held,
            new=wan_words(yuan),
        )
        return
    if not row.reason and (negative := list(_negatives(row))):
        yield from negative
        return
    if _is_suspect(yuan, known):
        yield Question(
            "above-total-investment",
            f"本年累计{wan_words(yuan)}远超总投资{wan_words(known.total_yuan or 0)}，单位可能写错",
            "请核对是元、万元还是亿元",
            cell,
            is_waiting=True,
            old=f"总投资{wan_words(known.total_yuan or 0)}",
            new=wan_words(yuan),
        )
        return
    if known.total_yuan is not None and yuan > known.total_yuan:
        yield Question(
            "above-total-investment",
            f"本年累计{wan_words(yuan)}超过总投资{wan_words(known.total_yuan)}",
            "请核对数字；总投资确已调整的，请先在项目库修改或随清单导入",
            cell,
            old=f"总投资{wan_words(known.total_yuan)}",
            new=wan_words(yuan),
        )
    if known.before_yuan is not None and yuan < known.before_yuan and not row.reason:
        yield Question(
            "below-last-month",
            f"本年累计{wan_words(yuan)}低于上期{wan_words(known.before_yuan)}",
            "如系核减请在核减原因一列写明，否则请更正",
            cell,
            old=wan_words(known.before_yuan),
            new=wan_words(yuan),
        )
    yield from _rate(row, yuan, known)
    if not row.reason:
        yield from _month(row, yuan, known, as_of)


def _negatives(row: ReportRow) -> Iterator[Question]:
    """What has been done adds up; below zero it needs the reason of the reduction (核减)."""
    for name in ("本年累计完成投资", "上年同期累计完成投资", "自开工累计完成投资"):
        amount = row.amounts.get(name)
        if amount is not None and amount.yuan is not None and amount.yuan < 0:
            yield Question(
                "negative-figure",
                f"{name}是负数（{wan_words(amount.yuan)}）",
                "如系核减请在核减原因一列写明，否则请更正",
                amount.cell,
                is_waiting=True,
            )


def _month(row: ReportRow, yuan: int, known: Background, as_of: date) -> Iterator[Question]:
    """The month's figure must be the step from the month before, where that one is known."""
    month = row.amounts.get("本月完成投资")
    if month is None or month.yuan is None:
        return
    if known.before_yuan is None:
        if month.yuan < 0:
            yield Question(
                "negative-month",
                f"本月数是负数（{wan_words(month.yuan)}）",
                "如系核减请在核减原因一列写明，否则请更正",
                month.cell,
            )
        return
    difference = yuan - known.before_yuan
    is_next = known.before_on == as_of.replace(day=1) - timedelta(days=1)
    if is_next and month.yuan != difference:
        yield Question(
            "month-mismatch",
            f"本月数{wan_words(month.yuan)}与累计数之差{wan_words(difference)}不一致",
            "请核对本月数或累计数",
            month.cell,
            old=f"累计数之差{wan_words(difference)}",
            new=f"本月数{wan_words(month.yuan)}",
        )


def _rate(row: ReportRow, yuan: int, known: Background) -> Iterator[Question]:
    """A printed rate that its own inputs contradict is flagged, never taken over (figures.md 14).

    One unit of the last printed digit is allowed: offices round or cut off.
    """
    plan = row.printed_plan or known.plan_yuan
    if row.printed_rate is None or not plan:
        return
    printed, cell = row.printed_rate
    exact = Ratio(yuan, plan)
    gap = abs((printed.as_fraction() - exact.as_fraction()) * 100)
    last_digit = Fraction(100, printed.denominator)
    if gap > max(last_digit, Fraction(1, 20)):
        yield Question(
            "rate-contradicts",
            f"完成率写{percent_text(*printed, 1)}%，按所报数字是{percent_text(*exact, 1)}%",
            "请核对完成投资、年度计划和完成率",
            cell,
            old=f"{percent_text(*exact, 1)}%",
            new=f"{percent_text(*printed, 1)}%",
        )


def _is_suspect(yuan: int, known: Background) -> bool:
    if not known.total_yuan or yuan <= known.total_yuan:
        return False
    yardstick = max(known.plan_yuan or 0, known.before_yuan or 0) or known.total_yuan
    return yuan >= SUSPECT_FACTOR * yardstick


def _no_figure(row: ReportRow, known: Background) -> Iterator[Question]:
    month = row.amounts.get("本月完成投资")
    if month is not None and month.yuan is not None:
        yield Question(
            "month-only",
            "只有本月数，没有本年累计数",
            "请补报本年累计完成投资",
            month.cell,
            is_waiting=True,
            fills="本年累计完成投资",
            choices=_going_on(known, month.yuan, f"加本月数{wan_words(month.yuan)}"),
        )
    elif known.plan_yuan:
        yield Question(
            "no-figure",
            "没有本年累计完成投资",
            "请向报送单位核实后补报",
            is_waiting=True,
            fills="本年累计完成投资",
            choices=_going_on(known, 0, "数"),
        )


def _going_on(known: Background, more: int, words: str) -> tuple[tuple[str, str], ...]:
    """What the year's figure is where the last one goes on, with more or none."""
    if known.before_yuan is None or known.before_on is None:
        return ()
    yuan = known.before_yuan + more
    return ((str(yuan), f"按{known.before_on.month}月底累计{words}填（{wan_words(yuan)}）"),)


def _last_year(judged: Judged, known: Background) -> Iterator[Question]:
    amount = judged.row.amounts.get("上年同期累计完成投资")
    if amount is None or amount.yuan is None:
        return
    if known.last_year_yuan is None:
        if known.is_last_year_closed:
            yield Question(
                "last-year-closed",
                f"上年同期已锁定且没有本项目的数，未采用表中的{wan_words(amount.yuan)}",
                "如需补记请对上年同期作更正",
                amount.cell,
            )
        else:
            judged.takes_last_year = True
    elif known.last_year_yuan != amount.yuan:
        yield Question(
            "last-year-differs",
            f"上年同期写{wan_words(amount.yuan)}，已审核的是{wan_words(known.last_year_yuan)}",
            "以已审核数为准；如有误请走更正",
            amount.cell,
            old=wan_words(known.last_year_yuan),
            new=wan_words(amount.yuan),
        )


def _dates(judged: Judged, known: Background, as_of: date) -> Iterator[Question]:
    held = {
        "start": (known.started_on, known.started_precision),
        "completion": (known.completed_on, known.completed_precision),
    }
    label = {"start": "实际开工时间", "completion": "实际竣工时间"}
    for milestone, given in judged.row.dates.items():
        if earliest(given.on, given.precision) > as_of:
            yield Question(
                "date-in-the-future",
                f"{label[milestone]}{given.on}晚于本期末{as_of}",
                "请核对日期；本次未采用该日期",
                given.cell,
            )
            continue
        before, precision = held[milestone]
        if before is not None and earliest(given.on, given.precision) <= before <= given.on:
            continue  # the same day, or the same said less exactly
        refines = before is not None and earliest(before, precision) <= given.on <= before
        if before is not None and not refines:
            yield Question(
                "date-changed",
                f"{label[milestone]}原为{before}，现写{given.on}",
                "请核对日期；写错的请改正后重报",
                given.cell,
                old=before.isoformat(),
                new=given.on.isoformat(),
            )
        elif before is None and milestone == "start" and known.started_look_alike:
            yield Question(
                "repeated-start",
                f"名称相近的“{known.started_look_alike}”已经开工",
                "请核实是否同一项目重复开工",
                given.cell,
            )
        judged.takes_dates.append(milestone)


def earliest(on: date, precision: str) -> date:
    """The first day that a date of some precision can mean; `on` is the last."""
    if precision == "year":
        return on.replace(month=1, day=1)
    if precision == "month":
        return on.replace(day=1)
    if precision == "ten-day":
        return on.replace(day=min((on.day - 1) // 10, 2) * 10 + 1)
    return on
