"""What only the command line can add to a fault: the option or command that answers it."""

from __future__ import annotations

from guatu.core.errors import Fault

_CREATE = "guatu import ledger的--create-missing"
HINTS = {
    "already-closed": "guatu correct",
    "ambiguous-list": "--list",
    "columns-unread": "--mapping",
    "duplicate-field": "--mapping",
    "figures-aside": "guatu import reports",
    "list-required": "--list",
    "no-mapping": "--mapping",
    "not-closed": "guatu import reports",
    "no-reason": "--reason",
    "other-provisional": "--replaces",
    "renamed-with-code": "guatu import ledger",
    "round-closed": "guatu correct",
    "round-open": "guatu close",
    "second-person": "--approved-by",
    "snapshot-damaged": "guatu restore、guatu verify",
    "switch-in-the-past": "--until",
    "switch-without-basis": "--basis",
    "switch-without-scope": "--scope",
    "unit-missing": "--mapping",
    "unknown-list": "guatu import ledger",
    "unknown-organisation": _CREATE,
    "unknown-region": _CREATE,
    "unknown-round": "guatu import reports",
    "unknown-sector": _CREATE,
}
"""By the code of a fault. The words of a fault themselves are those of the pages too."""


def told(fault: Fault) -> str:
    """The line of a fault on a terminal."""
    hint = HINTS.get(fault.code)
    return f"{fault}命令行：{hint}。" if hint else str(fault)
