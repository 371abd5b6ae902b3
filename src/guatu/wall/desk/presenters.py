"""The context of the desk, by what its user is for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from guatu.appraisal.queries import to_do
from guatu.assessment.models import RoundRequest
from guatu.assessment.sifting import rate_of
from guatu.assessment.types import RequestKind
from guatu.core import clock
from guatu.core.periods import Grain, month_end
from guatu.engines.rulebook import Severity
from guatu.engines.rulebook.types import LAGGING
from guatu.journal.models import Entry
from guatu.journal.words import act_label
from guatu.ledger.models import ProjectList
from guatu.organisation.types import Right, Role, SwitchName, UserKind
from guatu.reporting.correcting.queries import waiting_for_the_office
from guatu.ui.charts import bar
from guatu.wall.desk import queries
from guatu.wall.desk.decisions import decisions
from guatu.wall.desk.making import making
from guatu.wall.desk.needs import Need
from guatu.wall.desk.queries import OpenRound, Unconfirmed
from guatu.wall.desk.versions import versions
from guatu.wall.standing import books, changes, counts, curves, rates, runs
from guatu.wall.standing.runs import Found, Standing
from guatu.wall.viewer import Viewer, address

SHOWN_AT_ONCE = 12
"""Also in _turned.html and _changes.html, where the rest is folded away."""
_MINE = 60
_DECIDING = frozenset({Role.LEADER, Role.LIAISON})
_ON_PAPER = 15
"""Projects that stand one by one on a leader's sheet of A4, and on a phone before the rest."""
_WORST_FIRST = {severity: place for place, severity in enumerate((*books.JUDGED, *books.OTHERS))}


def desk(viewer: Viewer, query: QueryDict) -> dict[str, Any]:
    """The desk of everybody who has to do with projects."""
    chosen = viewer.chosen_list(query.get("list", ""))
    context: dict[str, Any] = {"lists": viewer.lists, "chosen": chosen}
    if chosen is None:
        return context | {
            "nothing": _nothing(viewer),
            "needs": [*making(viewer), *appraised(viewer)],
        }
    seen = viewer.seen_locked
    is_office = Right.IMPORT_REPORTS in viewer.rights
    at_work = queries.rounds_at_work(chosen.pk, viewer.seen)
    rounds = at_work.rounds
    every = runs.standings(chosen)
    context |= {
        "is_office": is_office,
        "is_mine": seen is not None,
        "needs": [need for one in rounds for need in _needs(one, _page_for(one, viewer))],
        "unconfirmed": [],
        "switches": _switches() if is_office else [],
        "requests": [
            *(_requests(chosen, viewer) if is_office else []),
            *(versions(viewer.user) if Right.EDIT_RULEBOOKS in viewer.rights else []),
        ],
        "rows": f"{reverse('library')}?list={chosen.pk}",
    }
    now = every[-1] if every else None
    context["needs"] += [*making(viewer), *appraised(viewer)]
    if is_office:
        context["needs"] += _asked_of_the_office(*(at_work.asked or waiting_for_the_office()))
        context["unconfirmed"] = _unconfirmed(at_work.unconfirmed, now.round.pk if now else None)
    if now is None:
        return context
    if is_office and not rounds and (waiting := _next_month(now)):
        context["needs"].append(waiting)
    then = runs.before(every, now)
    changed = changes.changes(now, then, seen) if then else None
    same = runs.of_grain(every, now)
    found, row = runs.found_and_points(same, seen)
    across = now.across
    if seen is not None and (red := _reds(found, context["rows"])):
        context["needs"].append(red)
    return context | {
        "standing": now,
        "figures": found.figures,
        "across": across,
        "counts": counts.reconciled(now, found.figures, at_work.listed, of_all=viewer.seen is None),
        **rates.behind(found),
        "progress": progress_bar(found),
        "lights": lights(found, f"{reverse('library')}?list={chosen.pk}&light="),
        "changes": changed,
        "shown": SHOWN_AT_ONCE,
        "fall": changed.fall if changed else None,
        "decisions": decisions(found, same) if viewer.roles & _DECIDING else None,
        "mine": _mine(found),
        "charts": curves.charts(row, books.labels_of(now), is_compared=not across.is_refused),
        "results": reverse("results", args=[now.round.pk]),
    }


def _asked_of_the_office(complaints: int, corrections: int) -> list[Need]:
    page = f"{reverse('correction-requests')}?state=open"
    told = [
        (complaints, "条反映重复填报待答复", address("complaints")),
        (corrections, "条更正申请待答复", page),
    ]
    return [Need(str(count), what, where) for count, what, where in told if count]


def appraised(viewer: Viewer) -> list[Need]:
    """The criteria from above that the reader's unit answers for and that are not met."""
    return [
        Need(
            str(count),
            "项上级考核指标未达标或没有数",
            reverse("scheme", args=[scheme.pk]),
            str(scheme),
        )
        for scheme, count in to_do(viewer)
    ]


_NOTHING = {
    Role.OFFICE: "您所在单位和下属单位还没有列入清单的项目；清单由项目办导入",
    Role.VIEWER: "您所在单位和下属单位还没有列入清单的项目；清单由项目办导入",
    Role.REVIEWER: "您审核范围内的单位还没有列入清单的项目；清单由项目办导入",
    Role.REPORTER: "还没有项目把您单位列为责任单位、填报单位或业主；"
    "项目办在“责任”里指定以后，项目和月报会出现在这里，现在没有要报的",
    Role.LEADER: "还没有项目由您包联；项目办在“责任”里指定以后，项目会出现在这里",
    Role.LIAISON: "还没有项目由您联络；项目办在“责任”里指定以后，项目会出现在这里",
    Role.DEPARTMENT: "还没有项目把您单位列为配合单位；项目办在“责任”里指定以后，"
    "项目和它的月报会出现在这里",
    Role.INSPECTOR: "还没有指定由您督查的项目，现在没有要办的；"
    "督查的项目随督查任务一起指定，任务由项目办下达，要看某个项目请找项目办",
}


def _nothing(viewer: Viewer) -> str:
    """Why a user has an empty desk, by what he is for, and what would fill it."""
    words = [_NOTHING[role] for role in Role if role in viewer.roles]
    return "；".join(words) or "本账号还没有角色；请与安全管理员联系，由其授予"


def _page_for(one: OpenRound, viewer: Viewer) -> str:
    """Where a reader does what a round needs: the office at its desk, a unit on its own page."""
    if Right.IMPORT_REPORTS in viewer.rights:
        return address("intake", one.round.pk)
    return address("my-reports") if Right.REPORT in viewer.rights else ""


def _needs(one: OpenRound, page: str) -> list[Need]:
    """The words are those of the intake page and of the round's page."""
    label = one.round.period.label
    days = one.days_left
    when = "今天" if days == 0 else f"还有{days}天" if days > 0 else f"已过{-days}天"
    day = one.round.due_on
    needs = [Need(when, f"{label}报送截止（{day.month}月{day.day}日）", is_late=days < 0)]
    standing = one.standing
    told = f"应收{standing.expected}个，已收{standing.received}个"
    if standing.waiting:
        told += f"，未收到{standing.not_received}个（其中{standing.waiting}个的表待答复）"
    if standing.not_received:
        what = f"个项目{label}未收到"
        needs.append(Need(str(standing.not_received), what, page, told, is_late=days < 0))
    elif standing.expected:
        needs.append(Need("已到齐", f"{label}月报", page, told))
    asked_at = f"{page}#questions" if page and page != address("my-reports") else page
    if standing.to_answer:
        note = f"另有{standing.to_verify}条待核实" if standing.to_verify else ""
        needs.append(Need(str(standing.to_answer), f"条{label}疑问待答复", asked_at, note))
    elif standing.to_verify:
        needs.append(Need(str(standing.to_verify), f"条{label}疑问待核实", asked_at))
    return needs


def _unconfirmed(found: Sequence[Unconfirmed], locked: int | None) -> list[Need]:
    """What the office reported for units that have not confirmed: in the open rounds, and in the
    newest locked one, whose pk is `locked`."""
    return [
        Need(
            str(one.count),
            f"个项目{one.round.period.label}代报待确认",
            address("proxied", one.round.pk),
            "" if one.is_open else "已照数锁定并注明；单位说有误的，用更正",
        )
        for one in found
        if one.is_open or one.round.pk == locked
    ]


def _requests(chosen: ProjectList, viewer: Viewer) -> list[Need]:
    """What was sent back to the reader, then what others have asked and nobody has confirmed."""
    found = queries.requests(chosen.pk, viewer.user)
    returned = [
        Need(
            "被退回",
            f"您申请的{one.round.period.label}{RequestKind(one.kind).label}被{end.by}退回",
            _page_of(one),
            f"{clock.minute(end.at)}退回，理由：{end.reason}",
            is_late=True,
        )
        for one, end in found.returned
    ]
    return returned + [
        Need(
            "待确认",
            f"{one.round.period.label}{RequestKind(one.kind).label}，等第二人",
            _page_of(one),
            f"{one.by}，{one.at.astimezone(clock.CHINA):%m-%d %H:%M}提出，24小时内有效",
        )
        for one in found.waiting
    ]


def _page_of(asked: RoundRequest) -> str:
    """Where a request is looked at: the round's page, or that of its correction."""
    is_close = asked.kind == RequestKind.CLOSE
    return address("round" if is_close else "round-correct", asked.round_id)


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
    what = f"月报还没有开始收（{now.period.label}已锁定）"
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
    """A leader's projects, worst light first; nothing for whoever sees all.

    On paper and on a phone the first of those that lag stand one by one, the others as one line.
    """
    if found.measured is None:
        return None
    ordered = sorted(found.measured, key=lambda m: _WORST_FIRST[Severity(m.verdict.overall)])
    conventions = found.standing.conventions
    lagging = [one for one in ordered if one.verdict.overall in LAGGING][:_ON_PAPER]
    rest = ordered[len(lagging) :]
    rows = [
        {
            "subject": one.subject,
            "severity": one.verdict.overall.value,
            "label": one.verdict.label,
            "done": one.completed_yuan,
            "rate": conventions.percent(
                "completion_rate", rate_of(one.completed_yuan, one.subject.plan_yuan)
            ),
            "is_printed": place < len(lagging),
        }
        for place, one in enumerate(ordered[:_MINE])
    ]
    return {
        "rows": rows,
        "count": len(ordered),
        "rest": runs.totals_text(rest, found.standing) if rest else None,
        "rest_lights": [
            (one.value, books.labels_of(found.standing)[one.value], count)
            for one in (*books.JUDGED, *books.OTHERS)
            if (count := sum(m.verdict.overall is one for m in rest))
        ],
    }


def administration(viewer: Viewer) -> dict[str, Any]:
    """The desk of an administrator: his own business, no project."""
    match UserKind(viewer.user.kind):
        case UserKind.SYSTEM:
            return _system()
        case UserKind.SECURITY:
            return _security()
        case _:
            return _audit()


def _system() -> dict[str, Any]:
    """What waits for the system administrator, and his pages."""
    count = queries.accounts()
    page = address("admin-users")
    ways = (("admin-users", "账号"), ("admin-backups", "备份"), ("admin-doctor", "体检"))
    waiting = count["waiting"]
    return {
        "needs": [Need(str(waiting), "个账号还没有改初始密码", page)] if waiting else [],
        "told": f"{count['active']}个账号在用，{count['disabled']}个已停用",
        "ways": [(words, page) for name, words in ways if (page := address(name))],
    }


def _security() -> dict[str, Any]:
    """Who waits for a role, who is locked out, and where to help him."""
    locked, bare = queries.locked_accounts(), queries.accounts_without_role()
    page, users = address("admin-locks"), address("admin-users")
    ways = (("admin-users", "账号"), ("admin-roles", "角色授予"), ("admin-locks", "登录锁定"))
    needs = []
    if bare:
        told = "、".join(bare[:20])
        needs.append(Need(str(len(bare)), "个账号还没有角色，点开账号授予", users, told))
    if locked:
        told = "、".join(locked[:20])
        needs.append(Need(str(len(locked)), "个账号因输错密码被锁", page, told))
    return {
        "needs": needs,
        "told": "" if locked else "没有账号被锁",
        "ways": [(words, page) for name, words in ways if (page := address(name))],
    }


def _audit() -> dict[str, Any]:
    """How much was recorded, and the newest of it."""
    today, page = clock.today(), address("journal")
    since, week = queries.entries_since(today), queries.entries_since(today - timedelta(days=6))
    return {
        "needs": [],
        "told": f"今天记录日志{since}条，近七天{week}条",
        "ways": [("日志", page)] if page else [],
        "entries": [_entry(one) for one in queries.last_entries()],
    }


def _entry(one: Entry) -> dict[str, Any]:
    return {"seq": one.seq, "at": one.at, "words": act_label(one.act), "actor": one.actor_text}
