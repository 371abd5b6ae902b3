"""`[[part]]` and `[[score]]`: score cards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from guatu.core.ratio import Rounding
from guatu.engines.rulebook.reading.context import Reading
from guatu.engines.rulebook.reading.labels import says_missing
from guatu.engines.rulebook.reading.operators import read_within
from guatu.engines.rulebook.reading.parts import NUMBERS, PART_OPERATORS
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import (
    Absent,
    Awarded,
    Each,
    Kind,
    Operator,
    Pair,
    Part,
    PointsCases,
    Score,
    Stated,
    Veto,
)

CAP_PERIODS = ("月", "季度", "半年")
ROUNDINGS = {"四舍五入": Rounding.HALF_UP, "舍去": Rounding.TRUNCATE}
MISSING = {"无数据": Absent.NO_DATA, "不计入": Absent.LEFT_OUT}


def read_parts(reading: Reading) -> tuple[Part, ...]:
    """`[[part]]`: every line of the score cards."""
    return tuple(
        _part(reading, Section(table, f"第{number}个part", reading.faults))
        for number, table in enumerate(reading.root.tables("part"), 1)
    )


def _part(reading: Reading, section: Section) -> Part:
    name = section.text("name")
    section.place = f"得分项“{name}”" if name else section.place
    clause = section.text("clause", required=False)
    section.place += f"（{clause}）" if clause else ""
    subject = reading.subject_of(section)
    full = reading.points(section, "full")
    operator = _operator(reading, section, subject)
    each = tuple(
        _each(reading, table, section, subject, f"{name}.扣加.{number}")
        for number, table in enumerate(section.tables("each"), 1)
    )
    override = ""
    if "override" in section:
        audited = reading.measure(section, "override", subject, (Kind.POINTS,))
        override = audited.name if audited else ""
    part = Part(
        id=reading.new_id(section, name, subject),
        name=name,
        subject=subject,
        clause=clause,
        full=full,
        operator=operator,
        each=each,
        floor=reading.points_or_none(section, "floor"),
        cap=reading.points_or_none(section, "cap"),
        zero_when=reading.stated(section, subject, "zero_when"),
        override=override,
        absent=_absent(reading, section, operator, each),
        interpretation=section.interpretation(),
    )
    _check_part(section, part)
    section.finish()
    return part


def _check_part(section: Section, part: Part) -> None:
    """Figures that contradict each other."""
    if part.floor is not None and part.cap is not None and _is_less(part.cap, part.floor):
        section.fault("“floor”高于“cap”")
    operator = part.operator
    top = operator.highest if isinstance(operator, Awarded) else None
    if isinstance(operator, Awarded) and top is not None and _is_less(top, operator.lowest):
        section.fault("“between”应由小到大")
    if isinstance(operator, PointsCases) and part.full[0]:
        over = [one.id for one in operator.cases if _is_less(part.full, one.points)]
        if over:
            section.fault(f"{'、'.join(over)}的分值超过满分", "加分另写一个full = 0的得分项")


def _is_less(left: Pair, right: Pair) -> bool:
    return Fraction(*left) < Fraction(*right)


def _operator(reading: Reading, section: Section, subject: str) -> Operator | None:
    given = [key for key in PART_OPERATORS if key in section]
    if len(given) > 1:
        section.fault(
            f"写了{len(given)}个算法：{'、'.join(given)}", "一个得分项只用一个，请分成几项"
        )
    if not given:
        return None
    return PART_OPERATORS[given[0]](reading, section, subject)


def _absent(
    reading: Reading, section: Section, operator: Operator | None, each: tuple[Each, ...]
) -> Absent | Pair:
    if operator is None and "missing" not in section:
        # Nothing recorded is nothing to deduct or add: events need no word on missing data.
        return Absent.NO_DATA
    if not says_missing(section):
        return Absent.NO_DATA
    raw = section.peek("missing")
    if isinstance(raw, str) and raw in MISSING:
        return MISSING[raw]
    pair = reading.points_or_none(section, "missing")
    if pair is None:
        section.fault("“missing”应是无数据、不计入或分数", 'missing = "无数据"或missing = 0')
    return pair or Absent.NO_DATA


def _each(reading: Reading, table: object, part: Section, subject: str, name: str) -> Each:
    section = Section(table, f"{part.place}第{name.rpartition('.')[2]}条加减分", reading.faults)
    within, months = "本年", 0
    if "within" in section:
        within, months = read_within(section)
    event = ""
    stated: Stated | None = None
    if "when" in section:
        stated = reading.stated(section, subject)
    else:
        found = reading.measure(section, "event", subject, (Kind.RECORDS, Kind.COUNT, Kind.BOOL))
        event = found.name if found else ""
    cap_per: tuple[str, Pair] | None = None
    if "cap_per" in section:
        inner = Section(section.peek("cap_per"), section.place, reading.faults)
        cap_per = (inner.choice("every", CAP_PERIODS), reading.points(inner, "cap"))
        inner.finish()
    each = Each(
        id=reading.new_id(section, name),
        event=event,
        points=reading.points(section, "points"),
        cap=reading.points_or_none(section, "cap"),
        within=within,
        months=months,
        cap_per=cap_per,
        group=section.text("group", required=False),
        stated=stated,
        per_value=section.flag("per_value"),
        interpretation=section.interpretation(),
    )
    _check_each(section, reading, each, subject)
    section.finish()
    return each


def _check_each(section: Section, reading: Reading, each: Each, subject: str) -> None:
    """Keys that would have no effect, and limits that would limit nothing."""
    event = reading.names(subject).find(each.event) if each.event else None
    counted = event is not None and event.kind is Kind.RECORDS
    for key in ("within", "cap_per", "per_value"):
        if key in section and not counted:
            section.fault(f"“{key}”只用于记录的量", "写when的、个数的、是/否的，各只算一次")
    if each.stated is not None and "cap" in section:
        section.fault("写when的只算一次，不用cap")
    if each.per_value and event is not None and event.record_kind not in NUMBERS:
        section.fault(f"“{event.name}”的记录没有数值，不能用per_value", "value写个数、天数、分数等")
    limits = [each.cap] if each.cap is not None else []
    limits += [each.cap_per[1]] if each.cap_per is not None else []
    if any(Fraction(*one) * Fraction(*each.points) <= 0 for one in limits):
        remedy = "扣分的封顶也写负数，例如points = -1, cap = -12"
        section.fault("封顶与“points”应同为正数或同为负数", remedy)


def read_scores(reading: Reading, parts: tuple[Part, ...]) -> tuple[Score, ...]:
    """`[[score]]`; parts of a subject without one are simply added up, as “得分”."""
    scores = [
        _score(reading, Section(table, f"第{number}个score", reading.faults), parts)
        for number, table in enumerate(reading.root.tables("score"), 1)
    ]
    scored = {one.subject for one in scores}
    for subject in dict.fromkeys(part.subject for part in parts):
        if subject not in scored:
            names = tuple(part.name for part in parts if part.subject == subject)
            scores.append(_plain_score(subject, names))
    return tuple(scores)


PLAIN_SCORE = "得分"


def _plain_score(subject: str, parts: tuple[str, ...]) -> Score:
    return Score(
        id=f"{subject}{PLAIN_SCORE}",
        name=PLAIN_SCORE,
        subject=subject,
        clause="",
        full=None,
        parts=parts,
        weights=(),
        vetoes=(),
        floor=None,
        cap=None,
        digits=2,
        rounding=Rounding.HALF_UP,
        rescaled=False,
        interpretation=None,
    )


def _score(reading: Reading, section: Section, parts: tuple[Part, ...]) -> Score:
    name = section.text("name")
    section.place = f"总分“{name}”" if name else section.place
    clause = section.text("clause", required=False)
    subject = reading.subject_of(section)
    own = {part.name: part for part in parts if part.subject == subject}
    named = section.texts("parts") or tuple(own)
    if len(set(named)) < len(named):
        section.fault("“parts”里有写了两次的")
    weights = _weights(reading, section, named)
    known = _known_points(reading, section, subject, named, own)
    full = reading.points_or_none(section, "full")
    _check_full(section, full, [own[one] for one in known if one in own], known, weights)
    score = Score(
        id=reading.new_id(section, name),
        name=name,
        subject=subject,
        clause=clause,
        full=full,
        parts=tuple(known),
        weights=weights,
        vetoes=tuple(
            _veto(reading, table, section, subject, clause, f"{name}.否决.{number}")
            for number, table in enumerate(section.tables("veto"), 1)
        ),
        floor=reading.points_or_none(section, "floor"),
        cap=reading.points_or_none(section, "cap"),
        digits=_digits(section),
        rounding=ROUNDINGS[section.choice("rounding", ROUNDINGS, default="四舍五入")],
        rescaled=section.flag("rescaled"),
        interpretation=section.interpretation(),
    )
    section.finish()
    return score


def _known_points(
    reading: Reading, section: Section, subject: str, named: Sequence[str], own: Collection[str]
) -> list[str]:
    """The parts, other scores and measures of points that a score adds up."""
    known: list[str] = []
    for word in named:
        if word in own:
            known.append(word)
        elif found := reading.measure_of(word, section, subject, (Kind.POINTS,)):
            known.append(found.name)
    return known


def _digits(section: Section) -> int:
    digits = section.peek("digits")
    if digits is None:
        return 2
    if isinstance(digits, int) and not isinstance(digits, bool) and 0 <= digits <= 6:
        return digits
    section.fault("“digits”应是0至6")
    return 2


def _weights(reading: Reading, section: Section, parts: tuple[str, ...]) -> tuple[Pair, ...]:
    raw = section.peek("weights")
    if raw is None:
        return ()
    inner = Section(raw, f"{section.place}的weights", reading.faults)
    weights = tuple(reading.share(inner, part) for part in parts)
    inner.finish()
    if sum(Fraction(*one) for one in weights) != 1:
        shown = float(sum(Fraction(*one) for one in weights) * 100)
        section.fault(f"各项权重之和是{shown:g}%，不是100%", code="weights")
    return weights


def _check_full(
    section: Section,
    full: Pair | None,
    parts: list[Part],
    names: list[str],
    weights: tuple[Pair, ...],
) -> None:
    """The parts' full marks add up to the whole's (not where weights or other scores do)."""
    if full is None or weights or len(parts) < len(names):
        return
    total = sum(Fraction(*part.full) for part in parts)
    if total != Fraction(*full):
        section.fault(
            f"各项满分之和是{float(total):g}分，不是{float(Fraction(*full)):g}分",
            "加分项的full写0",
            code="weights",
        )


def _veto(
    reading: Reading, table: object, score: Section, subject: str, clause: str, name: str
) -> Veto:
    section = Section(table, f"{score.place}第{name.rpartition('.')[2]}条否决", reading.faults)
    own_clause = section.text("clause", required=False, default=clause)
    when, text = reading.condition(section, subject)
    veto = Veto(
        id=reading.new_id(section, name),
        clause=own_clause,
        stated=Stated(when, text),
        points=reading.points_or_none(section, "set"),
    )
    section.finish()
    return veto
