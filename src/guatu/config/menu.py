"""The navigation as data (office.md, Words): what is shown is what the user may do."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.organisation.types import Right, UserKind


@dataclass(frozen=True, slots=True)
class Item:
    """One word of the navigation: its page, who sees it, which rooms' pages it stands for."""

    label: str
    url_name: str
    sections: tuple[str, ...]
    kinds: frozenset[UserKind] = frozenset({UserKind.BUSINESS})
    right: Right | None = None


EVERYBODY = frozenset(UserKind)

MENU = (
    Item("工作台", "desk", ("desk",), EVERYBODY),
    Item("项目库", "library", ("library", "project")),
)
