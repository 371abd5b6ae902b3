"""The contexts of the page that takes a list in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guatu.core.errors import Fault
from guatu.ledger.models import ProjectList
from guatu.planning.services import ListTaken
from guatu.ui.tables import Column, Grid

MOST_SHOWN = 500


def lists_there() -> list[str]:
    """The names of the lists there are, for choosing one."""
    rows = ProjectList.objects.order_by("-year", "pk").values_list("name", flat=True)
    return list(dict.fromkeys(rows))


def preview_page(taken: ListTaken, options: dict[str, Any]) -> dict[str, Any]:
    """What an import would do: counts, new names, rows that wait with their cell."""
    return {
        "taken": taken,
        "options": options,
        "counts": counts_of(taken),
        "can_apply": taken.new + taken.changed > 0,
        "new_names": taken.new_names[:MOST_SHOWN],
        "changed_names": taken.changed_names[:MOST_SHOWN],
        "faults": _grid(taken.faults),
        "notices": _grid(taken.notices),
        "added": [
            (label, names)
            for label, names in (
                ("地区", taken.new_regions),
                ("单位", taken.new_organisations),
                ("行业领域", taken.new_sectors),
            )
            if names
        ],
    }


def counts_of(taken: ListTaken) -> str:
    """The counts in one word: the confirmation must find the same ones."""
    return f"{taken.new}/{taken.changed}/{taken.same}/{taken.doubtful}"


def _grid(faults: Sequence[Fault]) -> Grid[Fault] | None:
    if not faults:
        return None
    columns: list[Column[Fault]] = [
        Column("file", "文件", lambda f: f.file),
        Column("sheet", "工作表", lambda f: f.sheet, "tight"),
        Column("cell", "单元格", lambda f: f.cell, "tight"),
        Column("what", "哪里不对", lambda f: f.what, "wide"),
        Column("remedy", "怎么办", lambda f: on_site(f.remedy), "wide"),
    ]
    return Grid(columns, faults[:MOST_SHOWN])


def on_site(remedy: str) -> str:
    """A remedy in the words of the page: the command line's option is a box here."""
    return remedy.replace("确属新增请加--create-missing", "确属新增请勾选“照表新增”")
