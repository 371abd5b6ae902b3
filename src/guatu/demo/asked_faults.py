"""What is planted in the years of `asked`, and the answers: whose, which month, which kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from guatu.demo import asked_words as words
from guatu.demo.asked import MONTHS, UNITS, WAN, YEAR, Life, Line, day, honest_years
from guatu.reporting.asking.looks import Started
from guatu.reporting.asking.types import Course
from guatu.reporting.types import FigureQuestionKind as Kind

LAST = len(MONTHS) - 1


@dataclass(frozen=True, slots=True)
class Answer:
    """One planted thing: it should be asked about from report `first` to report `last` on."""

    kind: Kind
    first: int
    last: int
    project_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Years:
    """Projects with their reports, and the list of answers."""

    lives: tuple[Life, ...]
    answers: tuple[Answer, ...]

    @property
    def planted(self) -> set[int]:
        """Projects whose reports are not honest: planted, or of a unit that is."""
        units = {one.unit_id for one in self.answers if one.unit_id is not None}
        own = {one.project_id for one in self.answers if one.project_id is not None}
        return own | {one.identity.project_id for one in self.lives if one.unit_id in units}

    def rounds(self) -> Iterator[tuple[int, list[Course]]]:
        """Every report's index with the courses as they were known then."""
        for index, month in enumerate(MONTHS):
            started = [one for one in self.lives if one.started_on <= day(month)]
            others = Started([one.identity for one in started])
            yield (
                index,
                [
                    one.course_at(
                        index,
                        others.nearest(one.identity) if one.started_on <= day(month) else None,
                    )
                    for one in self.lives
                ],
            )


def planted_years(seed: int, count: int = 400, *, each: int = 12) -> Years:
    """Honest years with `each` faults of every kind planted, in projects of their own."""
    lives = honest_years(seed, count)
    rng = Random(f"{seed} planted")
    answers: list[Answer] = []
    units = rng.sample(range(UNITS), max(1, each // 3))
    for unit in units:
        _heap(rng, [one for one in lives if one.unit_id == unit])
        answers.append(Answer(Kind.HEAPS, 2, LAST, unit_id=unit))
    free = [one for one in lives if one.unit_id not in units]
    rng.shuffle(free)
    for kind, plant in _PLANTS.items():
        planted = 0
        for life in list(free):
            if planted == each:
                break
            found = plant(rng, life, lives)
            if found is None:
                continue
            free.remove(life)
            answers.append(Answer(kind, *found, project_id=life.identity.project_id))
            planted += 1
    return Years(tuple(lives), tuple(answers))


type _Range = tuple[int, int] | None
type _Plant = Callable[[Random, Life, list[Life]], _Range]


def _working(rng: Random, life: Life, low: int = 1, high: int = LAST) -> int | None:
    """A report with work in it and before it."""
    found = [
        index
        for index in range(low, high + 1)
        if life.step_at(index) > 0 and life.lines[index - 1].year_yuan > 0
    ]
    return rng.choice(found) if found else None


def _plain(line: Line) -> None:
    """Take the words away that would tell another fault of a changed figure."""
    line.text = ""


def _shift(life: Life, index: int, by: int) -> None:
    """Add to a report and all after it; their words go with the figures."""
    for line in life.lines[index:]:
        line.year_yuan += by
        _plain(line)


def _falls(rng: Random, life: Life, lives: list[Life]) -> _Range:
    index = _working(rng, life, 2)
    if index is None:
        return None
    before = life.lines[index - 1].year_yuan
    cut = max(WAN, int(before * rng.choice((0.002, 0.01, 0.05, 0.2))) // WAN * WAN)
    _shift(life, index, before - cut - life.lines[index].year_yuan)
    return index, index


def _above_total(rng: Random, life: Life, lives: list[Life]) -> _Range:
    index = _working(rng, life, 3)
    if index is None or life.contract_yuan is not None:
        return None
    end = life.life_at(index)
    life.total_yuan = max(WAN, int(end / rng.uniform(1.002, 1.3)) // WAN * WAN)
    for line in life.lines:
        line.node = ""
    over = next(at for at in range(LAST + 1) if life.life_at(at) > life.total_yuan)
    return over, LAST


def _above_contract(rng: Random, life: Life, lives: list[Life]) -> _Range:
    index = _working(rng, life, 3)
    if index is None:
        return None
    life.contract_yuan = max(WAN, int(life.life_at(index) / rng.uniform(1.002, 1.3)))
    over = next(at for at in range(LAST + 1) if life.life_at(at) > life.contract_yuan)
    return over, LAST


def _above_paid(rng: Random, life: Life, lives: list[Life]) -> _Range:
    if life.life_at(4) < 3_000 * WAN:
        return None
    life.paid_share = rng.uniform(0.02, 0.32)
    return 0, LAST


def _exactly_plan(rng: Random, life: Life, lives: list[Life]) -> _Range:
    if life.first_month > 2 or life.before_yuan + life.plan_yuan > life.total_yuan:
        return None
    life.has_paces = True
    length = rng.randint(3, 8)
    start = rng.randint(0, LAST - length + 1)
    for index in range(start, start + length):
        life.lines[index].year_yuan = life.paces[day(MONTHS[index])]
        _plain(life.lines[index])
    _level(life, start, start + length - 1)
    return start + 2, start + length - 1


def _level(life: Life, start: int, end: int) -> None:
    """Keep the reports before and after a changed stretch from falling."""
    for line in life.lines[:start]:
        line.year_yuan = min(line.year_yuan, life.lines[start].year_yuan)
        _plain(line)
    for line in life.lines[end + 1 :]:
        line.year_yuan = max(line.year_yuan, life.lines[end].year_yuan)
        _plain(line)


def _heap(rng: Random, lives: list[Life]) -> None:
    """A unit that guesses: nearly all its steps are round."""
    for life in lives:
        done = 0
        for index, line in enumerate(life.lines):
            step = life.plan_yuan // 11 if index >= 0 else 0
            if day(line.month) < life.started_on:
                step = 0
            guessed = _guess(step)
            if step and rng.random() < 0.08:
                guessed += rng.randint(1, 99) * WAN
            done += guessed
            line.year_yuan = done
            _plain(line)
            line.node = ""
        if done + life.before_yuan > life.total_yuan:
            life.total_yuan = done + life.before_yuan
        life.contract_yuan = None


def _guess(yuan: int) -> int:
    """The next amount that somebody would say from the top of his head."""
    if yuan <= 0:
        return 0
    size = 10 ** (len(str(yuan)) - 1)
    return int(max(10 * WAN, round(2 * yuan / size) * size // 2))


def _year_end(rng: Random, life: Life, lives: list[Life]) -> _Range:
    if life.first_month > 6 or life.lines[-2].year_yuan <= 0:
        return None
    share = rng.uniform(0.33, 0.7)
    target = max(life.lines[-1].year_yuan, int(life.plan_yuan * 0.9)) // WAN * WAN
    before = int(target * (1 - share)) // WAN * WAN
    peak = max(line.year_yuan for line in life.lines[:-1])
    for line in life.lines[:-1]:
        line.year_yuan = line.year_yuan * before // peak // WAN * WAN
        _plain(line)
    life.lines[-1].year_yuan = target
    _plain(life.lines[-1])
    life.total_yuan = max(life.total_yuan, life.life_at(LAST))
    return LAST, LAST


def _off_pace(rng: Random, life: Life, lives: list[Life]) -> _Range:
    """A figure far from where its class is, as when a whole contract is counted at once."""
    index = rng.randint(2, 8)
    usual = sum((8, 8, 9, 10, 12, 8, 9, 11, 10, 9, 8)[: index + 1]) / 102
    if life.first_month > 1:
        return None
    if rng.random() < 0.75 or index < 6:
        to = int(life.plan_yuan * (usual + rng.uniform(0.36, 0.7))) // WAN * WAN
    else:
        to = int(life.plan_yuan * rng.uniform(0.01, 0.08)) // WAN * WAN
    by = to - life.lines[index].year_yuan
    if by < 0:
        for line in life.lines[:index]:
            line.year_yuan = min(line.year_yuan, to)
            _plain(line)
    _shift(life, index, by)
    for line in life.lines:
        line.node = ""
    life.total_yuan = max(life.total_yuan, life.life_at(LAST))
    life.contract_yuan = None
    return index, LAST


def _node(rng: Random, life: Life, lives: list[Life]) -> _Range:
    shares = [life.life_at(index) / life.total_yuan for index in range(LAST + 1)]
    choices = [(index, "完工") for index, one in enumerate(shares) if 0.05 < one < 0.5]
    choices += [(index, "设备安装") for index, one in enumerate(shares) if 0.05 < one < 0.25]
    choices += [(index, "基础施工") for index, one in enumerate(shares) if one > 0.65]
    choices += [(index, "场地平整") for index, one in enumerate(shares) if one > 0.35]
    choices = [one for one in choices if day(MONTHS[one[0]]) >= life.started_on]
    if not choices:
        return None
    index, node = rng.choice(choices)
    life.lines[index].node = node
    return index, index


def _conditions(rng: Random, life: Life, lives: list[Life]) -> _Range:
    if life.started_on.year < YEAR:
        return None
    late = life.started_on + timedelta(days=rng.randint(1, 200))
    name = rng.choice(("land_on", "money_on", "approval_on"))
    life.conditions = replace(life.conditions, **{name: late})  # type: ignore[arg-type]
    first = next(at for at, month in enumerate(MONTHS) if day(month) >= life.started_on)
    return first, LAST


def _repeated(rng: Random, life: Life, lives: list[Life]) -> _Range:
    """Started this year under nearly the name of one that started in an earlier year."""
    if life.started_on.year < YEAR:
        return None
    planned = [
        one
        for one in lives
        if one.started_on.year < YEAR and "期" not in one.identity.name and one is not life
    ]
    other = rng.choice(planned).identity
    how = rng.randint(0, 3)
    mine = replace(life.identity, region=other.region, name=_renamed(rng, other.name))
    if how == 0:
        mine = replace(mine, code=other.code)
    elif how == 1:
        mine = replace(mine, site=other.site)
    else:
        mine = replace(mine, owner=other.owner, site="" if how == 2 else other.site)
    life.identity = mine
    first = next(at for at, month in enumerate(MONTHS) if day(month) >= life.started_on)
    return first, LAST


def _renamed(rng: Random, name: str) -> str:
    stem = name
    for tail in ("新建工程", "建设项目", "建设工程", "工程", "项目"):
        stem = stem.removesuffix(tail)
    return rng.choice(
        (
            f"{stem}新建项目",
            f"{stem}（一标段外）工程" if rng.random() < 0.1 else f"{stem}改扩建工程",
            f"{stem}配套工程",
            f"{stem}及附属设施建设项目",
            f"{stem[:2]}镇{stem[2:]}项目" if rng.random() < 0.2 else f"{stem}提升工程",
        )
    )


def _text(rng: Random, life: Life, lives: list[Life]) -> _Range:
    index = _working(rng, life, 2)
    if index is None:
        return None
    line = life.lines[index]
    off = rng.choice((0.85, 0.93, 1.06, 1.2, 1.6, 10))
    share = life.life_at(index) / life.total_yuan
    rate = line.year_yuan * 100 / life.plan_yuan + rng.choice((-12, 7, 15))
    texts = [
        f"目前正常施工，今年累计完成投资{words.wan(rng, int(line.year_yuan * off))}。",
        f"截至本月，自开工累计完成投资{words.wan(rng, int(life.life_at(index) * off))}。",
        f"完成年度投资计划的{rate:.1f}%。",
        "因资金不到位，项目处于停工状态。",
    ]
    if share < 0.4:
        texts.append("项目已全面竣工。")
    line.text = rng.choice(texts)
    return index, index


_PLANTS: Mapping[Kind, _Plant] = {
    Kind.REPEATED: _repeated,
    Kind.CONDITIONS: _conditions,
    Kind.EXACTLY_PLAN: _exactly_plan,
    Kind.OFF_PACE: _off_pace,
    Kind.YEAR_END: _year_end,
    Kind.ABOVE_TOTAL: _above_total,
    Kind.NODE: _node,
    Kind.ABOVE_PAID: _above_paid,
    Kind.ABOVE_CONTRACT: _above_contract,
    Kind.FALLS: _falls,
    Kind.TEXT: _text,
}
"""In the order of how few projects each suits."""
