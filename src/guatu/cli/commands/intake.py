"""`guatu import ledger` and `guatu import reports`."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from guatu.cli.session import actor_of, tell
from guatu.core.errors import BadInput, Fault
from guatu.core.periods import parse_period
from guatu.engines.sheets import ColumnMapping, load_mapping
from guatu.files.queries import remembered_mapping
from guatu.planning.services import TakeInList, take_in_list
from guatu.reporting.services.intake import FileTaken, TakeInReports, take_in_reports

SHOWN = 20


def _mapping(word: str | None) -> ColumnMapping | None:
    """A mapping file, or the one remembered for a sender."""
    if not word:
        return None
    if Path(word).is_file():
        return load_mapping(Path(word))
    remembered = remembered_mapping(word)
    if remembered is None:
        raise BadInput(
            Fault(
                "unknown-mapping",
                f"没有列对应文件“{word}”，也没有记住这个发送单位的列对应",
                "请核对文件路径，或先用--save-mapping记住",
            )
        )
    return remembered


def import_ledger(arguments: Namespace) -> int:
    """Take a year's list in: all or nothing, unless doubtful rows are to be skipped."""
    actor = actor_of(arguments)
    taken = take_in_list(
        actor,
        arguments.files,
        TakeInList(
            year=arguments.year,
            list_name=arguments.list_name or "",
            dry_run=arguments.dry_run,
            creates_missing=arguments.create_missing,
            skips_doubtful=arguments.skip_doubtful,
            mapping=_mapping(arguments.mapping),
            save_mapping_for=arguments.save_mapping,
        ),
    )
    tell(taken.notices, "提示")
    tell(taken.faults, "跳过的行")
    prefix = "试导入（未入库）：" if arguments.dry_run else ""
    for label, names in (
        ("新建地区", taken.new_regions),
        ("新建单位", taken.new_organisations),
        ("新建行业", taken.new_sectors),
        ("变更的项目", taken.changed_names),
    ):
        if names:
            more = f"等{len(names)}个" if len(names) > SHOWN else ""
            print(f"{label}：{'、'.join(names[:SHOWN])}{more}")
    print(
        f"{prefix}{taken.list_title}：新增{taken.new}项，变更{taken.changed}项，"
        f"不变{taken.same}项，跳过{taken.doubtful}行。"
    )
    return 3 if taken.faults else 0


def _state(one: FileTaken) -> str:
    if one.is_refused:
        return "未能读取"
    counts = f"新增{one.new}，变更{one.changed}，不变{one.same}，待处理{one.waiting}"
    return f"{counts}；重复的项目由“{one.replaced_by}”代替" if one.replaced_by else counts


def import_reports(arguments: Namespace) -> int:
    """Take reports in: good rows enter, doubtful rows wait."""
    actor = actor_of(arguments)
    taken = take_in_reports(
        actor,
        arguments.files,
        TakeInReports(
            period=parse_period(arguments.period),
            list_name=arguments.list_name or "",
            dry_run=arguments.dry_run,
            mapping=_mapping(arguments.mapping),
            save_mapping_for=arguments.save_mapping,
        ),
    )
    for one in taken.files:
        print(f"{one.name}\t{one.sender or '（发送单位未识别）'}\t{_state(one)}")
    tell(taken.notices, "提示")
    tell(taken.refused, "未能读取的文件")
    tell(taken.questioned, "已入库但待核实")
    tell(taken.waiting, "待处理，未入库，逐条原因")
    prefix = "试导入（未入库）：" if arguments.dry_run else ""
    refused = sum(f.is_refused for f in taken.files)
    print(
        f"{prefix}{len(taken.files)}个文件，"
        f"新增{sum(f.new for f in taken.files)}项，变更{sum(f.changed for f in taken.files)}项，"
        f"不变{sum(f.same for f in taken.files)}项，待核实{len(taken.questioned)}处，"
        f"待处理{sum(f.waiting for f in taken.files)}行，未能读取{refused}个文件。"
    )
    sys.stdout.flush()
    return 3 if taken.waiting or taken.refused else 0
