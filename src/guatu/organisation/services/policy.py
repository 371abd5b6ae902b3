"""City settings, switches and the office's calendar: what is decided by name and basis."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from datetime import date

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotFound
from guatu.engines.rulebook import RulebookError, find_book, read_limits
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import access, queries
from guatu.organisation.models import Holiday, Setting, Switch
from guatu.organisation.types import SETTINGS, Right, SwitchName


def _setting_fault(key: str, value: str, books: Collection[str]) -> Fault | None:
    spec = SETTINGS.get(key)
    if spec is None:
        near = difflib.get_close_matches(key, SETTINGS, n=1)
        known = "、".join(SETTINGS)
        return Fault(
            code="unknown-setting",
            what=f"没有设置“{key}”",
            remedy=f"是不是“{near[0]}”" if near else f"可用的设置：{known}",
        )
    if spec.choices and value not in spec.choices:
        return Fault(
            code="bad-setting",
            what=f"设置{key}不能是“{value}”",
            remedy=f"可取：{'、'.join(spec.choices)}",
        )
    if spec.pattern and not re.fullmatch(spec.pattern, value):
        return Fault(code="bad-setting", what=f"设置{key}不能是“{value}”", remedy=spec.hint)
    if key == "rulebook" and value not in books:
        try:
            find_book(value)
        except RulebookError as error:
            return error.faults[0]
    if len(value) > 500:
        return Fault(code="bad-setting", what=f"设置{key}太长", remedy="请控制在500字以内")
    return _limits_fault(spec.limits_of, value) if spec.limits_of else None


def _limits_fault(book: str, value: str) -> Fault | None:
    try:
        read_limits(find_book(book), value)
    except RulebookError as error:
        first = error.faults[0]
        return Fault("bad-setting", first.what, first.remedy)
    return None


def check_settings(values: Mapping[str, str], *, books: Collection[str] = ()) -> None:
    """Raise BadInput naming every unknown key and every value that cannot be.

    `books` are the ids of the rule books that the caller knows besides the installed ones.
    """
    tried = (_setting_fault(key, value, books) for key, value in values.items())
    faults = [fault for fault in tried if fault]
    if faults:
        raise BadInput(*faults)


def change_settings(
    actor: Actor, values: Mapping[str, str], *, basis: str = "", books: Collection[str] = ()
) -> dict[str, str]:
    """Change city settings, all or none; returns those that really changed.

    `basis` is the paper or decision that asks for it, where there is one; `books` as in
    `check_settings`. A rule book that is set already may stay.
    """
    for right in sorted({SETTINGS[key].right for key in values if key in SETTINGS}):
        access.require(actor, right)
    now = queries.settings_in_force()
    check_settings(values, books={*books, now["rulebook"]})
    guarded = [key for key in values if SETTINGS[key].right != Right.CHANGE_SETTINGS]
    if guarded and not basis.strip() and not actor.is_console:
        raise BadInput(
            Fault(
                "no-basis", f"改“{SETTINGS[guarded[0]].meaning}”须写依据", "请写文件名称或谁的决定"
            )
        )
    changed = {key: value for key, value in values.items() if now[key] != value}
    if changed:
        with journal.act(actor, "settings.changed") as act:
            act.add_all(
                [
                    Setting(
                        key=key,
                        value=value,
                        valid_from=clock.today(),
                        basis=basis.strip()[:500],
                        by=actor.text,
                    )
                    for key, value in changed.items()
                ]
            )
    return changed


def _switch_name(name: str) -> SwitchName:
    try:
        return SwitchName(name)
    except ValueError as error:
        known = "、".join(f"{s.value}（{s.label}）" for s in SwitchName)
        raise BadInput(
            Fault(code="unknown-switch", what=f"没有开关“{name}”", remedy=f"可用的开关：{known}")
        ) from error


def switch_on(actor: Actor, name: str, *, basis: str, scope: str, until: date) -> Switch:
    """Switch something on with its legal basis, scope and end date (architecture §2.5)."""
    access.require(actor, Right.SWITCH)
    which = _switch_name(name)
    faults = []
    if not basis.strip():
        faults.append(
            Fault(
                code="switch-without-basis",
                what=f"打开“{which.label}”须写明依据",
                remedy="请写文件名称和文号",
            )
        )
    if not scope.strip():
        faults.append(
            Fault(
                code="switch-without-scope",
                what=f"打开“{which.label}”须写明范围",
                remedy="请写适用的清单或单位",
            )
        )
    if len(basis) > 500 or len(scope) > 200:
        faults.append(
            Fault(
                code="switch-text-too-long",
                what="依据或范围太长",
                remedy="依据请控制在500字以内，范围在200字以内",
            )
        )
    if until < clock.today():
        faults.append(
            Fault(
                code="switch-in-the-past",
                what=f"截止日期{until}已过",
                remedy="请写今天以后的日期",
            )
        )
    if faults:
        raise BadInput(*faults)
    with journal.act(actor, "switch.on") as act:
        row = Switch(
            name=which, is_on=True, basis=basis, scope=scope, until=until, by=actor.text, at=act.at
        )
        act.write(row)
    return row


def switch_off(actor: Actor, name: str) -> Switch:
    """Switch something off; it may always be switched off."""
    access.require(actor, Right.SWITCH)
    which = _switch_name(name)
    with journal.act(actor, "switch.off") as act:
        row = Switch(name=which, is_on=False, by=actor.text, at=act.at)
        act.write(row)
    return row


def set_holiday(actor: Actor, day: date, *, is_workday: bool, note: str = "") -> Holiday:
    """Set one day of the office's calendar, e.g. a year the package does not know yet."""
    access.require(actor, Right.CHANGE_SETTINGS)
    row = Holiday.objects.filter(day=day).first() or Holiday(day=day)
    row.is_workday = is_workday
    row.note = note
    with journal.act(actor, "holiday.set") as act:
        act.write(row)
    return row


def forget_holiday(actor: Actor, holiday_id: int, *, is_workday: bool) -> Holiday:
    """Take a line out of the office's calendar: the package's own table holds again.

    Conflict where the line does not say any more what was looked at.
    """
    access.require(actor, Right.CHANGE_SETTINGS)
    row = Holiday.objects.filter(pk=holiday_id).first()
    if row is None:
        raise NotFound(Fault("not-found", "没有这一天的安排", "请刷新页面"))
    if row.is_workday != is_workday:
        raise Conflict(Fault("changed-meanwhile", f"{row.day}刚被别人改过", "请刷新页面"))
    with journal.act(actor, "holiday.forgotten") as act:
        act.remove(row)
    return row
