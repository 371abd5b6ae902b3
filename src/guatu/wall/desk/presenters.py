"""The context of the desk, by what its user is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from guatu.assessment.types import RequestKind
from guatu.core import clock
from guatu.core.periods import Grain, month_end
from guatu.engines.rulebook import Severity
from guatu.journal.models import Entry
from guatu.journal.words import act_label
from guatu.ledger.models import ProjectList
from guatu.organisation.types import SwitchName, UserKind
from guatu.ui.charts import bar
from guatu.wall.desk import queries
from guatu.wall.desk.queries import OpenRound
from guatu.wall.standing import books, changes, curves, runs
from guatu.wall.standing.runs import Found, Standing
from guatu.wall.viewer import Viewer, address

SHOWN_AT_ONCE = 12
"""Also in _turned.html and _changes.html, where the rest is folded away."""
_MINE = 60
_WORST_FIRST = {severity: place for place, severity in enumerate((*books.JUDGED, *books.OTHERS))}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for the reader: a number, what it is, where to go."""

    number: str
    what: str
    href: str = ""
    note: str = ""
    is_late: bool = False


def desk(viewer: Viewer, query: QueryDict) -> dict[str, Any]:
    """The desk of the office, of a leader or his liaison, of a viewer."""
    chosen = viewer.chosen_list(query.get("list", ""))
    context: dict[str, Any] = {"lists": viewer.lists, "chosen": chosen}
    if chosen is None:
        return context
    seen = viewer.seen
    is_office = bool(viewer.user.kind == UserKind.BUSINESS and "office" in viewer.roles)
    rounds = queries.open_rounds(chosen.pk, seen)
    every = runs.standings(chosen)
    context |= {
        "is_office": is_office,
        "is_mine": seen is not None,
        "needs": [need for one in rounds for need in _needs(one, chosen, is_office=is_office)],
        "switches": _switches() if is_office else [],
        "requests": _requests(chosen, viewer) if is_office else [],
        "rows": f"{reverse('library')}?list={chosen.pk}",
    }
    if not every:
        return context
    now = every[-1]
    if is_office and not rounds and (waiting := _next_month(now)):
        context["needs"].append(waiting)
    then = runs.before(every, now)
    found, row = runs.found_and_points(runs.of_grain(every, now), seen)
    if seen is not None and (red := _reds(found, context["rows"])):
        context["needs"].append(red)
    return context | {
        "standing": now,
        "figures": found.figures,
        "progress": progress_bar(found),
        "lights": lights(found, f"{reverse('library')}?list={chosen.pk}&light="),
        "changes": changes.changes(now, then, seen) if then else None,
        "shown": SHOWN_AT_ONCE,
        "mine": _mine(found),
        "charts": [
            one
            for one in (curves.money_curve(row), curves.lights_curve(row, books.labels_of(now)))
            if one
        ],
        "results": reverse("results", args=[now.round.pk]),
    }


def _needs(one: OpenRound, chosen: ProjectList, *, is_office: bool) -> list[Need]:
    key = one.round.period.key
    page = address("intake", one.round.pk)
    days = one.days_left
    when = "今天" if days == 0 else f"还有{days}天" if days > 0 else f"已过{-days}天"
    day = one.due_on
    needs = [
        Need(when, f"{key}报送截止（{day.month}月{day.day}日）", is_late=days < 0),
        Need(
            str(one.missing),
            f"个项目{key}未报",
            page if is_office else "",
            f"应报{one.expected}个，已报{one.received}个"
            + (f"，待处理{one.waiting}个" if one.waiting else ""),
            is_late=days < 0 and one.missing > 0,
        ),
    ]
    if one.questions or is_office:
        needs.append(Need(str(one.questions), f"处{key}待处理疑问", page if is_office else ""))
    return needs


def _requests(chosen: ProjectList, viewer: Viewer) -> list[Need]:
    """What others have asked to lock or to correct, and nobody has confirmed."""
    return [
        Need(
            "待确认",
            f"{one.round.period.key}{RequestKind(one.kind).label}，等第二人",
            address("round", one.round_id),
            f"{one.by}，{one.at.astimezone(clock.CHINA):%m-%d %H:%M}提出，24小时内有效",
        )
        for one in queries.requests(chosen.pk, viewer.user.pk)
    ]


def _reds(found: Found, rows: str) -> Need | None:
    """How many of a leader's projects have the worst light."""
    count = found.figures["lights"].get(Severity.SERIOUS.value, 0)
    label = books.labels_of(found.standing)[Severity.SERIOUS.value]
    href = f"{rows}&light={Severity.SERIOUS.value}"
    return Need(str(count), f"个项目{label}灯", href, is_late=True) if count else None


def _next_month(now: Standing) -> Need | None:
    """The month after the newest locked one, where it is over and nobody has opened it yet."""
    if now.round.period.grain != Grain.MONTH or now.period.last_on.month == 12:
        return None
    end = month_end(now.period.year, now.period.last_on.month + 1)
    if end > clock.today():
        return None
    what = f"月报还没有开始收（{now.period.key}已锁定）"
    return Need(f"{end:%Y-%m}", what, address("months"), "收到第一份月报表格时自动开期")


def _switches() -> list[Need]:
    page = address("admin-switches")
    return [
        Need(
            f"{(one.until - clock.today()).days}天" if one.until else "",
            f"开关“{SwitchName(one.name).label}”到期",
            page,
            f"到{one.until}止，依据{one.basis}",
        )
        for one in queries.ending_switches()
    ]


def progress_bar(found: Found) -> SafeString:
    """The share of the plan that is done, with the mark of the time gone by."""
    told = found.figures
    rate, time = told["completion_rate"], told["time_progress"]
    words = f"完成年度计划{rate or '—'}%，时间进度{time or '—'}%"
    mark = float(time) / 100 if time else None
    return bar(float(rate) / 100 if rate else 0.0, mark=mark, label=words)


def lights(found: Found, link: str) -> list[tuple[str, str, int, str]]:
    """Severity, label, number and address of each light that a page counts; zeros among the judged
    ones stand, so that a reader sees there are none."""
    told, labels = found.figures["lights"], books.labels_of(found.standing)
    return [
        (severity.value, labels[severity.value], told.get(severity.value, 0), link + severity.value)
        for severity in (*books.JUDGED, *books.OTHERS)
        if severity in books.JUDGED or told.get(severity.value)
    ]


def _mine(found: Found) -> dict[str, Any] | None:
    """A leader's projects, worst light first; nothing for whoever sees all."""
    if found.measured is None:
        return None
    ordered = sorted(found.measured, key=lambda m: _WORST_FIRST[Severity(m.verdict.overall)])
    conventions = found.standing.conventions
    rows = [
        {
            "subject": one.subject,
            "severity": one.verdict.overall.value,
            "label": one.verdict.label,
            "done": one.completed_yuan,
            "rate": conventions.percent(
                "completion_rate", runs.rate_of(one.completed_yuan, one.subject.plan_yuan)
            ),
        }
        for one in ordered[:_MINE]
    ]
    return {"rows": rows, "count": len(ordered)}


def administration(viewer: Viewer) -> dict[str, Any]:
    """The desk of an administrator: his own business, no project."""
    match UserKind(viewer.user.kind):
        case UserKind.SYSTEM:
            return {"needs": _system()}
        case UserKind.SECURITY:
            return {"needs": _security()}
        case _:
            return {
                "needs": _audit(),
                "entries": [_entry(one) for one in queries.last_entries()],
            }


def _system() -> list[Need]:
    count = queries.accounts()
    page = address("admin-users")
    needs = [
        Need(str(count["active"]), "个账号在用", page),
        Need(str(count["waiting"]), "个账号还没有改初始密码", page),
        Need(str(count["disabled"]), "个账号已停用", page),
    ]
    for name, words in (("admin-backups", "备份"), ("admin-doctor", "体检")):
        if page := address(name):
            needs.append(Need("", words, page))
    return needs


def _security() -> list[Need]:
    locked = queries.locked_accounts()
    return [
        Need(
            str(len(locked)), "个账号因输错密码被锁", address("admin-locks"), "、".join(locked[:20])
        )
    ]


def _audit() -> list[Need]:
    page, today = address("journal"), clock.today()
    return [
        Need(str(queries.entries_since(today)), "条日志，今天", page),
        Need(str(queries.entries_since(today - timedelta(days=6))), "条日志，近七天", page),
    ]


def _entry(one: Entry) -> dict[str, Any]:
    return {"seq": one.seq, "at": one.at, "words": act_label(one.act), "actor": one.actor_text}
