"""Reading tables in tests: a condition is the name of one yes/no fact."""

from __future__ import annotations

import tomllib

from guatu.core.errors import Fault
from guatu.engines.rulebook.procedures import Holds, Procedures, read_procedures
from guatu.engines.rulebook.sections import Faults, Section
from guatu.engines.rulebook.types import Condition, Flag


def read_flag(section: Section, key: str) -> tuple[Condition, str]:
    text = section.text(key)
    return Flag(text), text


def knowing(**facts: bool) -> Holds:
    def holds(condition: Condition) -> bool | None:
        return facts.get(condition.name) if isinstance(condition, Flag) else None

    return holds


def procedures_and_faults(text: str) -> tuple[Procedures, list[Fault]]:
    faults = Faults("rulebook.toml")
    root = Section(tomllib.loads(text), "", faults)
    found = read_procedures(root, lambda _: read_flag)
    root.finish()
    return found, faults.found


def procedures_of(text: str) -> Procedures:
    found, faults = procedures_and_faults(text)
    assert [str(fault) for fault in faults] == []
    return found


def faults_of(text: str) -> str:
    return "\n".join(str(fault) for fault in procedures_and_faults(text)[1])
