"""Pure decisions of making a list: what is missing, what is a duplicate, what is forbidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.core.errors import Fault
from guatu.core.names import match_form
from guatu.core.yuan import LIMIT, wan_words
from guatu.ledger.making.types import (
    SETTLED,
    ApplicationState,
    ApplicationWords,
    Decision,
    ListedRow,
    Readiness,
)
from guatu.ledger.matching import ProjectIndex, code_form, stem_form
from guatu.ledger.types import Nature

CONDITIONS = {"land": "土地", "money": "资金", "approvals": "审批"}
"""The conditions of starting that an application answers, by field."""
_SHORTEST_PLACE = 4
EDITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})
"""States in which a unit may still change what it wrote."""


def missing(words: ApplicationWords) -> tuple[str, ...]:
    """What an application lacks, by name: 土地（办理中：…）, 开工月份, … (M-A10).

    Nothing of it keeps a unit from applying; the office decides with it before its eyes. A
    continuing project has started: no month of start is asked.
    """
    lacking = []
    for name, label in CONDITIONS.items():
        answer = Readiness(getattr(words, name))
        if answer not in SETTLED:
            note = getattr(words, f"{name}_note")
            lacking.append(f"{label}（{answer.label}{'：' + note if note else ''}）")
    if words.starts_by is None and words.nature != Nature.CONTINUING:
        lacking.append("开工月份")
    if words.completes_by is None:
        lacking.append("竣工月份")
    if not words.national_code:
        lacking.append("项目代码")
    if words.plan_yuan is None:
        lacking.append("年度计划投资")
    return tuple(lacking)


def word_faults(words: ApplicationWords, *, year: int) -> list[Fault]:
    """What is wrong with what is written, whether it is kept as a draft or submitted."""
    faults = []
    for label, amount in (("总投资", words.total_yuan), ("年度计划投资", words.plan_yuan)):
        code = "total" if label == "总投资" else "plan"
        if amount is not None and amount < 0:
            faults.append(Fault(f"negative-{code}", f"{label}为负", "请核对"))
        elif amount is not None and amount > LIMIT:
            what = f"{label}{wan_words(amount)}大得不可能"
            faults.append(Fault(f"large-{code}", what, "请核对单位，这里按万元填写"))
    total, plan = words.total_yuan, words.plan_yuan
    if total is not None and plan is not None and 0 <= total < plan:
        what = f"年度计划投资{wan_words(plan)}高于总投资{wan_words(total)}"
        faults.append(Fault("plan-above-total", what, "请核对"))
    starts, completes = words.starts_by, words.completes_by
    if starts is not None and completes is not None and completes < starts:
        faults.append(Fault("completes-before-start", "竣工月份早于开工月份", "请核对"))
    if words.nature == Nature.NEW and starts is not None and starts.year < year:
        what = f"新建项目的开工月份{starts:%Y-%m}早于{year}年"
        faults.append(Fault("start-in-past", what, "已开工的请选续建，否则请核对月份"))
    if completes is not None and completes.year < year:
        what = f"竣工月份{completes:%Y-%m}早于{year}年"
        faults.append(Fault("completed-in-past", what, "已竣工的不再申报，否则请核对月份"))
    return faults


def submit_faults(words: ApplicationWords, *, year: int) -> list[Fault]:
    """What keeps a draft from being submitted: what must be answered, and all that is wrong."""
    faults = word_faults(words, year=year)
    if words.nature == Nature.UNKNOWN:
        faults.append(Fault("no-nature", "没有写建设性质", "请选新建或续建"))
    if words.total_yuan is None:
        faults.append(Fault("no-total", "没有写总投资", "请填写"))
    if words.plan_yuan is None:
        faults.append(Fault("no-plan", "没有写年度计划投资", "没有的写0"))
    for name, label in CONDITIONS.items():
        if not getattr(words, name):
            faults.append(Fault(f"no-{name}", f"没有写{label}落实情况", "请选一项"))
    return faults


@dataclass(frozen=True, slots=True)
class Applied:
    """What is compared of an application."""

    id: int
    name: str
    code: str = ""
    site: str = ""
    owner: str = ""
    unit: str = ""
    project_id: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """What an application may be a second row of: a project of the ledger, another application."""

    name: str
    why: str
    project_id: int | None = None
    application_id: int | None = None

    @property
    def text(self) -> str:
        """As the desk shows it."""
        return f"{'申报' if self.application_id else '台账'}“{self.name}”（{self.why}）"


@dataclass(slots=True)
class _Forms:
    """Rows by each of the forms that make two of them alike; every list holds ids."""

    code: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    stem: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    place: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, pk: int, *, code: str, name: str, site: str, owner: str) -> None:
        if code:
            self.code[code_form(code)].append(pk)
        self.name[match_form(name)].append(pk)
        self.stem[stem_form(name)].append(pk)
        if place := _place(site, owner):
            self.place[place].append(pk)

    def like(self, one: Applied) -> dict[int, str]:
        """Each row that is alike, with the strongest reason."""
        found: dict[int, str] = {}
        told: list[tuple[str, Sequence[int]]] = [
            ("代码相同", self.code.get(code_form(one.code), ()) if one.code else ()),
            ("名称相同", self.name.get(match_form(one.name), ())),
            ("名称只差词尾", self.stem.get(stem_form(one.name), ())),
        ]
        if place := _place(one.site, one.owner):
            told.append(("业主和地点相同", self.place.get(place, ())))
        for why, ids in told:
            for pk in ids:
                found.setdefault(pk, why)
        return found


def _place(site: str, owner: str) -> tuple[str, str] | None:
    form = match_form(site)
    return (match_form(owner), form) if owner and len(form) >= _SHORTEST_PLACE else None


def likenesses(
    applied: Sequence[Applied],
    index: ProjectIndex,
    *,
    places: Mapping[int, tuple[str, str]] | None = None,
) -> dict[int, list[Likeness]]:
    """For each application what it may be a second row of, by application id (office.md 10).

    By code, name or alias, name without its tail words, owner with place. `places` are site and
    owner of projects of the ledger. The project that an application itself names is no likeness;
    two applications that name one project are. Work grows with the rows, not with their pairs.
    """
    held, others = _Forms(), _Forms()
    for pk, known in index.by_id.items():
        site, owner = (places or {}).get(pk, ("", ""))
        held.add(pk, code=known.code or "", name=known.name, site=site, owner=owner)
    named: dict[int, list[int]] = defaultdict(list)
    for one in applied:
        others.add(one.id, code=one.code, name=one.name, site=one.site, owner=one.owner)
        if one.project_id is not None:
            named[one.project_id].append(one.id)
    by_id = {one.id: one for one in applied}
    found: dict[int, list[Likeness]] = {}
    for one in applied:
        near = {} if one.project_id is not None else held.like(one)
        for pk in (
            () if one.project_id is not None else index.by_alias.get(match_form(one.name), ())
        ):
            near.setdefault(pk, "曾用此名")
        alike = others.like(one)
        for pk in named.get(one.project_id or 0, ()):
            alike[pk] = "申报的是同一个项目"
        found[one.id] = [
            Likeness(index.by_id[pk].name, why, project_id=pk) for pk, why in near.items()
        ] + [
            Likeness(f"{by_id[pk].name}·{by_id[pk].unit}", why, application_id=pk)
            for pk, why in alike.items()
            if pk != one.id
        ]
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the decision on an application hangs on."""

    name: str
    state: str
    alike: Sequence[Likeness] = ()
    is_settled: bool = False
    """Whether somebody said which project it is, or that it is a new one."""


def decision_faults(
    candidates: Iterable[Candidate], *, decision: Decision, reason: str
) -> list[Fault]:
    """What forbids a decision: nothing submitted, no reason, a likeness that nobody settled."""
    faults = []
    if decision in (Decision.OUT, Decision.RESERVE) and not reason.strip():
        faults.append(Fault("no-reason", f"定为{decision.label}没有写原因", "请写原因"))
    for one in candidates:
        if one.state != ApplicationState.SUBMITTED:
            label = ApplicationState(one.state).label
            faults.append(
                Fault("not-submitted", f"“{one.name}”是{label}的", "只能审定已申报的项目")
            )
        elif decision == Decision.IN and one.alike and not one.is_settled:
            what = f"“{one.name}”可能与{one.alike[0].text}重复"
            faults.append(Fault("look-alike", what, "请先在它的页面认定是不是同一个项目"))
    return faults


def issue_faults(rows: Sequence[ListedRow], *, has_reviewed: bool) -> list[Fault]:
    """What keeps a list from being issued: no 送审稿, nobody on it, one project twice."""
    faults = []
    if not has_reviewed:
        faults.append(Fault("no-reviewed", "还没有送审稿", "请先生成送审稿，再印发"))
    if not rows:
        faults.append(Fault("empty-list", "没有定为列入的项目", "请先审定"))
    faults += [
        Fault("twice-on-list", f"“{name}”在清单上有两行", "请只留一行") for name in _twice(rows)
    ]
    faults += [
        Fault("no-plan", f"“{row.name}”没有年度计划投资", "请退回申报单位补上，没有的写0")
        for row in rows
        if row.plan_yuan is None
    ]
    return faults


def _twice(rows: Sequence[ListedRow]) -> list[str]:
    seen: set[str] = set()
    twice = []
    for row in rows:
        forms = {f"c{code_form(row.code)}"} if row.code else set()
        forms |= {f"p{row.project_id}"} if row.project_id else set()
        if forms & seen:
            twice.append(row.name)
        seen |= forms
    return twice


@dataclass(frozen=True, slots=True)
class Standing:
    """A project's line on an issued list, as an adjustment finds it."""

    name: str
    joined_on: date
    plan_yuan: int | None = None
    sub_lists: Collection[str] = ()


def adjustment_faults(
    *,
    exits: Sequence[Standing],
    plans: Sequence[tuple[Standing, int]],
    on: date,
    today: date,
    year: int,
) -> list[Fault]:
    """What forbids an adjustment of an issued list on a day."""
    faults = []
    if on > today:
        faults.append(Fault("future-adjustment", "调整日期在今天之后", "请到那天再办，或改日期"))
    if on.year != year:
        faults.append(Fault("other-year", f"调整日期不在{year}年", "请核对日期"))
    for one in exits:
        if on < one.joined_on:
            what = f"“{one.name}”{one.joined_on.isoformat()}才列入，不能更早退出"
            faults.append(Fault("left-before-joined", what, "请核对日期"))
        if one.sub_lists:
            what = f"“{one.name}”还在子清单{'、'.join(one.sub_lists)}上"
            faults.append(Fault("on-sub-list", what, "请先从子清单退出"))
    for one, amount in plans:
        faults += plan_faults(f"“{one.name}”", amount)
        if amount == one.plan_yuan:
            faults.append(Fault("same-plan", f"“{one.name}”的计划没有变", "不调整的不要写"))
    return faults


def plan_faults(name: str, amount_yuan: int) -> list[Fault]:
    """What is wrong with a year's plan by itself: below nothing, or beyond any project."""
    if 0 <= amount_yuan <= LIMIT:
        return []
    return [Fault("bad-plan", f"{name}的计划{wan_words(amount_yuan)}不可能", "请核对单位")]
