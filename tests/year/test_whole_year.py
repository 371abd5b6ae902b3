"""A year from its call to the next year's list, every sum and rate beside independent arithmetic.

`make year` prints the report.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from guatu.assessment.measures import Totals
from guatu.core.errors import GuatuError
from guatu.journal import queries as journal
from guatu.ledger.making import queries as making
from guatu.ledger.making.models import ListCall
from guatu.planning.queries import plans_in_force
from guatu.reporting.models import Figure
from guatu.reporting.types import INVESTMENT, INVESTMENT_TOTAL
from tests.factories import Cast
from tests.year import sums
from tests.year.journey import WAN, Year
from tests.year.town import CORRECTIONS, NORTH, OLD, RIVER, YEAR

pytestmark = pytest.mark.django_db
REGIONS = (NORTH, RIVER)


@pytest.fixture
def year(people: Cast, tmp_path: Path, today: Callable[[date], None]) -> Year:
    """The invented city before its year."""
    return Year(people, tmp_path, today)


def test_a_whole_year(year: Year, say: Callable[[str], None]) -> None:
    call = _made(year)
    for month in range(1, 13):
        if month == 2:
            _issued(year, call)
        if month == 6:
            _first_adjustment(year)
        if month == 9:
            _second_adjustment(year)
        if month == 12:
            year.rank()
        year.month(month)
        _month(year, month, is_corrected=False)
        for (at, name), _ in CORRECTIONS.items():
            if at == month:
                year.correct(month, next(one for one in YEAR if one.name == name))
                _month(year, month)
    _ranked(year)
    _rolled_over(year)
    assert not journal.verify().problems
    report = "\n".join(f"{one.on}  {one.what}  {_text(one.told)}" for one in year.checks)
    sys.stdout.write(f"{report}\n")
    say(f"a whole year: {len(year.checks)} figures equal to independent arithmetic")


def test_the_check_can_fail(year: Year) -> None:
    with pytest.raises(AssertionError, match="by hand 1, platform 2"):
        year.check("一个数", 1, 2)


def _text(value: object) -> str:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}（{float(value) * 100:.2f}%）"
    return str(value)


def _made(year: Year) -> ListCall:
    year.old_list()
    call = year.call_for_projects()
    year.december()
    old = {name: done for name, _, _, _, done, _, _ in OLD}
    opened = year.roll_over(2027).lists[0]
    finished = [row[0] for row in OLD if row[-1]]
    year.check("结转：竣工留下", len(finished), opened.completed)
    year.check("结转：续建", 3, opened.continuing)
    year.check("结转：未开工", 1, opened.not_started)
    year.check("暂行清单", [row[0] for row in OLD if not row[-1]], year.standing())
    year.check("今年完成从零起", 0, _done_in(2027))
    year.check("去年完成不变", sum(old.values()), _done_in(2026))
    return call


def _issued(year: Year, call: ListCall) -> None:
    year.on(2027, 2, 20)
    year.issue(call)
    year.check("印发项目", sorted(one.name for one in sums.issued()), sorted(year.standing()))
    year.check("印发年度计划", sum(one.issued or 0 for one in sums.issued()), _planned(year))
    with pytest.raises(GuatuError, match="已经印发"):
        year.issue(call)


def _first_adjustment(year: Year) -> None:
    year.on(2027, 6, 20)
    done = year.adjust("江重办〔2027〕18号", admits="临江智造园", exits="临江湿地公园")
    year.check("第几次调整", 1, done.adjustment.number)
    year.check("第1次调整后年度计划", sums.planned(6), _planned(year))


def _second_adjustment(year: Year) -> None:
    year.on(2027, 9, 15)
    done = year.adjust("江重办〔2027〕31号", exits="冷链物流园", plans={"江北智算中心": 16_000})
    year.check("第几次调整", 2, done.adjustment.number)
    year.check("第2次调整后年度计划", sums.planned(9), _planned(year))


def _month(year: Year, month: int, *, is_corrected: bool = True) -> None:
    """Every sum, rate and light of a month as the run of record holds it."""
    results = year.results(month)
    label = f"{month}月" + ("更正后" if is_corrected else "")
    for key, chosen in (
        (("total", "全部"), sums.everywhere),
        *((("region", region), sums.within(region)) for region in REGIONS),
    ):
        row = next(one for (kind, name), one in results.items() if _is(kind, name, key))
        own = sums.completed(month, chosen, is_corrected=is_corrected)
        year.check(f"{label}{key[1]}完成", own, _wan(row.numerator) or 0)
        year.check(f"{label}{key[1]}年度计划", sums.planned(month, chosen), _wan(row.denominator))
    if is_corrected or month not in {at for at, _ in CORRECTIONS}:
        _rates(year, month, label)
    for one in sums.on_list(month):
        row = results["project", one.name]
        told = sums.told(one, month, is_corrected=is_corrected)
        year.check(f"{label}{one.name}完成", told, _wan(row.numerator))
        if is_corrected or (month, one.name) not in CORRECTIONS:
            year.check(f"{label}{one.name}灯", sums.light(one, month), row.label)


def _rates(year: Year, month: int, label: str) -> None:
    """Both rates, as adjusted and as issued; one where the list stands as it was issued."""
    assessed = year.assessed[month]
    if month == 1:
        year.check(f"{label}完成率", None, assessed.total.completion_rate)
        return
    year.check(f"{label}完成率（现行清单）", sums.as_adjusted(month), _rate(assessed.total))
    if month < 6:
        year.check(f"{label}按印发稿另列", False, assessed.issued is not None)
        return
    assert assessed.issued is not None
    total = assessed.issued.total
    year.check(f"{label}完成率（印发稿）", sums.as_issued(month), _rate(total))
    for region, totals in assessed.issued.by(lambda subject: subject.region).items():
        own = sums.as_issued(month, sums.within(region))
        year.check(f"{label}{region}完成率（印发稿）", own, _rate(totals))


def _rate(totals: Totals) -> Fraction | None:
    rate = totals.completion_rate
    return None if rate is None else rate.as_fraction()


def _is(kind: str, name: str, key: tuple[str, str]) -> bool:
    return kind == key[0] and (kind == "total" or name == key[1])


def _ranked(year: Year) -> None:
    results = year.results(12)
    for region, place in sums.ranked(12, REGIONS).items():
        year.check(f"全年{region}位次", place, results["region", region].rank)


def _rolled_over(year: Year) -> None:
    year.on(2028, 1, 5)
    done = _done_in(2027)
    year.check("全年完成", sum(sums.newest(one, 12) for one in YEAR), done)
    carried = year.roll_over(2028).lists[0].carried
    year.check("结转到2028年", sum(one.is_on(12) for one in YEAR), carried)
    year.check("今年完成从零起", 0, _done_in(2028))
    year.check("去年完成不变", done, _done_in(2027))
    for one in YEAR:
        if one.region == NORTH:
            year.check(f"{one.name}自开工累计", sums.since_start(one, 12), _since_start(one.name))
    with pytest.raises(GuatuError, match="已由"):
        year.roll_over(2028)


def _planned(year: Year) -> int:
    """Σ plans of what stands on the list, in 万元."""
    standing = {entry.pk for entry in making.standing_on(year.listing.pk)}
    plans = plans_in_force(year.listing.pk)
    return sum(plan.amount_yuan for pk, plan in plans.items() if pk in standing) // WAN


def _figures(code: str, year: int) -> dict[str, int]:
    """The newest figure of a calendar year by project, in 万元."""
    rows = Figure.objects.filter(
        indicator__code=code, is_current=True, as_of__year=year, value__isnull=False
    )
    told = rows.order_by("as_of").values_list("project__name", "value")
    return {name: (value or 0) // WAN for name, value in told}


def _done_in(year: int) -> int:
    return sum(_figures(INVESTMENT, year).values())


def _since_start(name: str) -> int:
    return _figures(INVESTMENT_TOTAL, 2027)[name]


def _wan(yuan: int | None) -> int | None:
    return None if yuan is None else yuan // WAN
