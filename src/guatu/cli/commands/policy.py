"""`guatu settings` and `guatu switch`."""

from __future__ import annotations

from argparse import Namespace

from guatu.assessment.books.queries import own_ids
from guatu.cli.screen import switch_terms
from guatu.cli.session import actor_of, require_ready
from guatu.core.errors import BadInput, Fault
from guatu.organisation import queries, services
from guatu.organisation.types import SETTINGS, SWITCHES_IN_USE, SwitchName


def settings(arguments: Namespace) -> int:
    """Show all settings, or change the given ones."""
    actor = actor_of(arguments)
    values: dict[str, str] = {}
    for text in arguments.assignments:
        key, sep, value = text.partition("=")
        if not sep:
            raise BadInput(Fault("bad-setting", f"“{text}”不是设置", "请写成设置=值，如digits=2"))
        values[key.strip().replace("_", "-")] = value.strip()
    if not values:
        for key, value in queries.settings_in_force().items():
            print(f"{key}={value}\t{SETTINGS[key].meaning}")
        return 0
    changed = services.change_settings(actor, values, books=own_ids())
    for key, value in changed.items():
        print(f"已改：{key}={value}")
    if not changed:
        print("没有变化。")
    return 0


def switch_on(arguments: Namespace) -> int:
    """Switch on with basis, scope and end date."""
    actor = actor_of(arguments)
    row = services.switch_on(
        actor,
        arguments.name,
        basis=arguments.basis,
        scope=arguments.scope,
        until=arguments.until,
    )
    label = SwitchName(row.name).label
    idle = "" if row.name in SWITCHES_IN_USE else "目前还没有功能用到这个开关。"
    print(f"已打开“{label}”：{switch_terms(row)}。{idle}")
    return 0


def switch_off(arguments: Namespace) -> int:
    """Switch off."""
    row = services.switch_off(actor_of(arguments), arguments.name)
    print(f"已关闭“{SwitchName(row.name).label}”。")
    return 0


def switch_list(arguments: Namespace) -> int:
    """List switches and on what basis they are on."""
    require_ready()
    for name in SwitchName:
        row = queries.switch_state(name)
        state = f"开：{switch_terms(row)}" if row else "关"
        print(f"{name.value}（{name.label}）\t{state}")
    return 0
