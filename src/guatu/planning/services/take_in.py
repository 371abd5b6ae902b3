"""Taking a year's list in from workbooks (M-A10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from guatu.core.errors import BadInput, Fault
from guatu.core.names import match_form
from guatu.engines.sheets import (
    ColumnMapping,
    SheetsError,
    Table,
    check_subtotals,
    load_vocabulary,
)
from guatu.files import services as files
from guatu.files.intake import ReadFile, read_files, tables_of
from guatu.files.models import Import
from guatu.files.types import ImportKind, ImportState
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import queries as ledger
from guatu.ledger.models import ProjectList
from guatu.ledger.types import DEFAULT_LIST
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.types import Right
from guatu.planning import queries as planning
from guatu.planning.intake.check import Checked, Known, check_rows
from guatu.planning.intake.rows import FIGURE_FIELDS, TAKEN_FIELDS, LedgerRow, ledger_rows
from guatu.planning.intake.write import Outcome, Writer, create_missing
from guatu.planning.rules import Plan
from guatu.planning.types import Difference, NewProject


@dataclass(frozen=True, slots=True)
class TakeInList:
    """How a year's list is to be taken in."""

    year: int
    list_name: str = ""
    dry_run: bool = False
    creates_missing: bool = False
    skips_doubtful: bool = False
    mapping: ColumnMapping | None = None
    save_mapping_for: str = ""


@dataclass(slots=True)
class ListTaken:
    """What was done: counts, faults of rows left out, and notices that need no action."""

    new: int = 0
    changed: int = 0
    same: int = 0
    doubtful: int = 0
    list_title: str = ""
    new_regions: list[str] = field(default_factory=list)
    new_organisations: list[str] = field(default_factory=list)
    new_sectors: list[str] = field(default_factory=list)
    added: list[NewProject] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    held: int = 0
    """Projects that stood on the list before."""
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)

    @property
    def changed_names(self) -> list[str]:
        """The known projects that changed, each once."""
        return list(dict.fromkeys(one.project for one in self.differences))

    @property
    def is_mostly_new(self) -> bool:
        """Whether most rows would be new projects beside those that the list already holds."""
        rows = self.new + self.changed + self.same + self.doubtful
        return self.held > 0 and self.new * 2 > rows


def take_in_list(actor: Actor, paths: Sequence[Path], command: TakeInList) -> ListTaken:
    """Import ledger workbooks into a year's list (M-A1, M-A3, M-A4, M-A6).

    All or nothing: any fault raises BadInput with every fault and changes nothing, unless
    `skips_doubtful`, then the faulty rows are left out and named. The same content twice
    changes nothing.
    """
    access.require(actor, Right.IMPORT_LEDGER)
    _require_mapping(command)
    read = read_files(paths)
    taken = ListTaken()
    rows = _rows(read, command, taken)
    if taken.faults and not command.skips_doubtful:
        raise BadInput(*taken.faults)
    with transaction.atomic():
        organisation.lock_root()
        listing = _find_list(command)
        checked, known = _check(rows, command, listing)
        taken.faults += checked.faults
        taken.doubtful = checked.doubtful
        if checked.faults and not command.skips_doubtful:
            raise BadInput(*checked.faults)
        with journal.act(actor, "list.taken_in") as act:
            listing = listing or _new_list(command)
            outcome = _write(act, checked, known, listing)
            taken.list_title = str(listing) if checked.rows else ""
            has_changed = act.written > 0
            if command.save_mapping_for and command.mapping:
                columns = command.mapping.to_json()
                files.remember_mapping(act, sender=command.save_mapping_for, columns=columns)
            if command.dry_run:
                transaction.set_rollback(True)
            elif has_changed:
                _record(act, read, command, outcome, taken)
    taken.new, taken.changed, taken.same = outcome.new, outcome.changed, outcome.same
    taken.added, taken.differences = outcome.added, outcome.differences
    taken.held = len(known.on_list)
    taken.notices += outcome.notices
    taken.new_regions, taken.new_sectors = checked.new_regions, checked.new_sectors
    taken.new_organisations = [*checked.new_organisations, *checked.new_owners]
    return taken


def _require_mapping(command: TakeInList) -> None:
    sender = command.save_mapping_for
    if sender and command.mapping is None:
        raise BadInput(Fault("no-mapping", "没有可记住的列对应", "请同时给出列对应文件"))
    if len(sender) > 200:
        raise BadInput(Fault("text-too-long", "发送单位超过200字", "请改用简称"))


def _rows(read: Sequence[ReadFile], command: TakeInList, taken: ListTaken) -> list[LedgerRow]:
    """All ledger rows of all files; what is wrong with a file or table goes into `taken`."""
    rows: list[LedgerRow] = []
    vocabulary = load_vocabulary()
    for one in read:
        if isinstance(one.content, SheetsError):
            taken.faults += one.content.faults
            continue
        found = 0
        for table in tables_of(one, vocabulary, mapping=command.mapping, year=command.year):
            found += 1
            if table.year not in (None, command.year):
                what = f"表中写的是{table.year}年，按{command.year}年清单导入"
                taken.notices.append(Fault("other-year", what, "请核对年份", one.name, table.sheet))
            taken.faults += [q for q in table.questions if _is_taken(table.asked_about(q))]
            taken.notices += [*table.notices, *check_subtotals(table)]
            taken.notices += _columns_aside(table, one.name)
            rows += ledger_rows(table)
        if found and not any(row.place.file == one.name for row in rows):
            taken.faults.append(
                Fault("no-rows", "表里没有项目", "请确认发来的是填好的清单", one.name)
            )
        if not found:
            taken.faults.append(
                Fault("no-table", "没有找到项目表", "表头至少要有项目名称一列", one.name)
            )
    return rows


def _is_taken(name: str | None) -> bool:
    """Whether a list brings a field; a doubt about another column keeps nothing out."""
    return name is None or name in TAKEN_FIELDS


def _columns_aside(table: Table, file: str) -> Iterator[Fault]:
    """What the table holds or lacks that the clerk should know: nothing is dropped unseen."""
    figures = [str(c.field) for c in table.columns if c.field in FIGURE_FIELDS]
    if figures:
        names = "、".join(dict.fromkeys(figures))
        remedy = "这些数在收表时采用"
        what = f"进度列（{names}）不随清单导入"
        yield Fault("figures-aside", what, remedy, file, table.sheet)
    recognised = {c.field for c in table.columns if c.field is not None}
    if others := recognised - TAKEN_FIELDS - FIGURE_FIELDS - {"序号"}:
        what = f"清单不采用的列：{'、'.join(sorted(others))}"
        yield Fault("columns-aside", what, "不影响导入", file, table.sheet)
    unread = [c.label for c in table.columns if c.field is None and c.claims is None and c.label]
    if unread:
        what = f"没有采用的列：{'、'.join(unread)}"
        remedy = "如需采用，请把表头改成常用名称"
        yield Fault("columns-unread", what, remedy, file, table.sheet)
    fields = table.fields
    if "建设性质" not in fields and {"计划开工时间", "实际开工时间"} & fields.keys():
        what, remedy = "没有建设性质一列，这些项目不计入开工统计", "请补上新建或续建"
        yield Fault("nature-missing", what, remedy, file, table.sheet)
    for name in ("所属地区", "责任单位"):
        if name not in fields:
            yield Fault("column-missing", f"没有{name}一列", "不补也能导入", file, table.sheet)


def _check(
    rows: list[LedgerRow], command: TakeInList, listing: ProjectList | None
) -> tuple[Checked, Known]:
    known = Known(
        index=ledger.project_index(),
        regions=organisation.region_names(),
        organisations=organisation.organisation_names(),
        sectors={match_form(name): term.pk for name, term in ledger.sector_terms().items()},
        root_region_id=organisation.root_region().pk,
        year=command.year,
        plans={} if listing is None else _plans(listing),
        on_list=frozenset() if listing is None else _standing_on(listing.pk),
        above=_above(listing),
    )
    return check_rows(rows, known, create_missing=command.creates_missing), known


def _above(listing: ProjectList | None) -> frozenset[int] | None:
    """The projects of the list that a list lies in; None where it lies in none."""
    if listing is None or listing.parent_id is None:
        return None
    return _standing_on(listing.parent_id)


def _standing_on(list_id: int) -> frozenset[int]:
    """The projects that stand on a list now."""
    entries = ledger.entries_of(list_id)
    return frozenset(pk for pk, entry in entries.items() if entry.left_on is None)


def _plans(listing: ProjectList) -> dict[int, Plan]:
    """The plans in force on a list, by project."""
    plans, slices = planning.plans_in_force(listing.pk), planning.slices_of(listing.pk)
    projects = {entry.pk: project for project, entry in ledger.entries_of(listing.pk).items()}
    return {
        projects[entry_id]: Plan(plan.amount_yuan, slices.get(plan.pk, {}))
        for entry_id, plan in plans.items()
    }


def _write(act: journal.Act, checked: Checked, known: Known, listing: ProjectList) -> Outcome:
    if not checked.rows:
        return Outcome()
    known = create_missing(act, checked, known)
    if listing.pk is None:
        act.write(listing)
    return Writer(act, listing, known).write(checked)


def _find_list(command: TakeInList) -> ProjectList | None:
    """The list meant: the named one or the year's only one (architecture §7); None: a new one.

    Raises where it stays open which one is meant.
    """
    lists = list(ProjectList.objects.filter(year=command.year).order_by("pk"))
    if not command.list_name:
        # find_list asks which one is meant where there are several.
        return ledger.find_list(command.year, None) if lists else None
    named = [one for one in lists if command.list_name in (one.name, str(one))]
    if len(named) > 1:
        what = f"{command.year}年有{len(named)}份名为“{command.list_name}”的清单，分不清是哪一份"
        remedy = "请写一个不重复的清单名称，另立一份清单"
        raise BadInput(Fault("ambiguous-list", what, remedy))
    return named[0] if named else None


def _new_list(command: TakeInList) -> ProjectList:
    return ProjectList(
        owner_organisation=organisation.root_organisation(),
        year=command.year,
        name=command.list_name or DEFAULT_LIST,
    )


def _record(
    act: journal.Act,
    read: Sequence[ReadFile],
    command: TakeInList,
    outcome: Outcome,
    taken: ListTaken,
) -> None:
    """Keep each file and what came of the call."""
    partly = ImportState.PARTLY if taken.faults else ImportState.APPLIED
    for one in read:
        if isinstance(one.content, SheetsError):
            continue  # its bytes were not kept, its faults are told
        act.write(
            Import(
                kind=ImportKind.LEDGER,
                target=str(command.year),
                name=one.name,
                sender=command.save_mapping_for,
                blob=files.store_blob(act, one.bytes, one.mime),
                state=partly,
                counts=f"{outcome.new}/{outcome.changed}/{outcome.same}/{taken.doubtful}",
                faults="\n".join(str(f) for f in taken.faults if f.file == one.name),
                at=act.at,
                by=act.actor.text,
            )
        )
