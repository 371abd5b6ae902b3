"""Do the procedures of an example come out?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guatu.engines.rulebook.examples import Expectation
from guatu.engines.rulebook.procedures.clock_state import LABELS
from guatu.engines.rulebook.procedures.item_paths import TotalCheck
from guatu.engines.rulebook.proceeding import Proceedings
from guatu.engines.rulebook.results_of_procedures import DUTY_WORDS, checklist_word


def differences_of_procedures(expect: Expectation, got: Proceedings) -> Iterable[str]:
    """Chinese lines for what an example expects of procedures and does not get."""
    for name, state in expect.states.items():
        found = got.ladders[name].state if name in got.ladders else "没有"
        if found != state:
            yield f"“{name}”应到“{state}”，算得“{found}”"
    yield from _dues(expect, got)
    yield from _clocks(expect, got)
    for name, outcome in expect.checklists.items():
        verdict = got.checklists.get(name)
        told = checklist_word(verdict) if verdict else "没有给材料"
        if told != outcome:
            why = "；".join(verdict.sentences) if verdict else ""
            yield f"“{name}”应为“{outcome}”，算得“{told}”（{why}）"
    yield from _duties(expect, got)
    for name, step in expect.works.items():
        work = got.works.get(name)
        at = "没有开始" if work is None else "办结" if work.is_done else work.step
        if at != step:
            yield f"“{name}”应在“{step}”，算得“{at}”"
    yield from _items(expect, got)
    if expect.takes is not None:
        takes = got.path.takes if got.path else None
        if takes != expect.takes:
            path = "、".join(got.path.critical) if got.path else ""
            yield f"应需{expect.takes}个工作日，算得{takes}（{path}）"
    if expect.violations is not None and len(got.violations) != expect.violations:
        told = "；".join(got.violations) or "没有"
        yield f"先后不对的应有{expect.violations}处，算得{len(got.violations)}处（{told}）"


def _duties(expect: Expectation, got: Proceedings) -> Iterable[str]:
    """Duties by their own name, or by the post that owes them."""
    for name, status in expect.duties.items():
        found = {
            DUTY_WORDS[one.status]
            for duty, verdicts in got.duties.items()
            for one in verdicts
            if name in (duty, one.who)
        }
        if found != {status}:
            yield f"“{name}”应为“{status}”，算得“{'、'.join(sorted(found)) or '没有记录'}”"


def _items(expect: Expectation, got: Proceedings) -> Iterable[str]:
    """The limit of each item, what fell away, which totals are kept."""
    path = got.path
    limits = {one.name: _limit_told(one.limit) for one in path.items} if path else {}
    for name, limit in expect.items.items():
        found = limits.get(name, "不用办")
        if found != _limit_told(limit):
            yield f"事项“{name}”应为{_limit_told(limit)}，算得{found}"
    if expect.dropped is not None and sorted(expect.dropped) != sorted(
        path.dropped if path else ()
    ):
        told = "、".join(path.dropped if path else ()) or "没有"
        yield f"不用办的应为{'、'.join(expect.dropped) or '没有'}，算得{told}"
    totals = {one.name: one for one in path.totals} if path else {}
    for name, wanted in expect.totals.items():
        yield from _total(name, wanted, totals.get(name))


def _limit_told(limit: object) -> str:
    """Working days as said; an item may have no stated limit."""
    if limit is None:
        return "没有写时限"
    return f"{limit}个工作日" if isinstance(limit, int) else str(limit)


def _total(name: str, wanted: object, total: TotalCheck | None) -> Iterable[str]:
    """One total: whether it is kept, or a table with its limit and what its items take too."""
    keys = wanted if isinstance(wanted, dict) else {"fits": wanted}
    found: dict[str, object] = {"fits": "不适用"}
    if total:
        fits = "不能判断" if total.fits is None else total.fits
        found = {"fits": fits, "limit": total.limit, "takes": total.takes}
    for key, value in keys.items():
        if found.get(key) != value:
            yield f"总时限“{name}”的{key}应为{value}，算得{found.get(key, '不适用')}"


def _dues(expect: Expectation, got: Proceedings) -> Iterable[str]:
    for act, days in expect.due.items():
        found = [one.on for one in got.dues if one.act == act][: max(1, len(days))]
        if tuple(found) != days:
            shown = "、".join(map(str, found)) or "没有"
            why = "；".join(got.doubts)
            yield f"“{act}”应在{'、'.join(map(str, days)) or '没有'}，算得{shown}" + (
                f"（{why}）" if why else ""
            )


def _clocks(expect: Expectation, got: Proceedings) -> Iterable[str]:
    for name, keys in expect.clocks.items():
        clock = got.clocks.get(name)
        if clock is None:
            yield f"没有时限“{name}”"
            continue
        for key, value in keys.items():
            found: object = LABELS[clock.status] if key == "status" else getattr(clock, key)
            if found != value:
                shown = found.isoformat() if isinstance(found, date) else found
                why = clock.why or "；".join(clock.doubts)
                yield f"“{name}”的{key}应为{value}，算得{shown}（{why}）"
