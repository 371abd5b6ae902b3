"""`guatu table`: the office's own summary table, filled."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from guatu.cli.session import actor_of, tell, write_bytes
from guatu.core.errors import BadInput, Fault
from guatu.core.periods import parse_period
from guatu.engines.sheets.grid import DEFAULT
from guatu.ledger.queries import find_list
from guatu.publishing.services.table import HandedInTemplate, fill_summary_table


def table(arguments: Namespace) -> int:
    """Fill last month's table with this month's figures; exit 3 when cells want a person."""
    actor = actor_of(arguments)
    _require_another_file(arguments.template, arguments.output)
    period = parse_period(arguments.period)
    listing = find_list(period.year, arguments.list_name)
    template = _handed_in(arguments.template)
    made = fill_summary_table(actor, listing, period, template)
    write_bytes(arguments.output, made.content)
    print(
        f"已填{listing}{period.key}汇总表（第{made.snapshot.revision}版）："
        f"填入{made.filled}格，其中{made.changed}格与表样不同；"
        f"另有{made.emptied}格本期没有数，已清空或写上“—”一类记号；"
        f"新增{len(made.added)}行，{len(made.departed)}行已不在清单；"
        f"{len(made.unfilled)}条情况要人工补填或核对{'，逐条列在后面' if made.unfilled else ''}。"
    )
    for row in made.added:
        print(f"新增：工作表“{row.sheet}”第{row.row}行 {row.name}")
    print("公式的结果在Excel、WPS打开时重新计算，发送前请打开并保存一次。")
    tell(made.notices, "提示")
    tell(made.unfilled, "要人工补填或核对的")
    return 3 if made.unfilled else 0


def _handed_in(path: Path) -> HandedInTemplate:
    try:
        with path.open("rb") as stream:
            return HandedInTemplate(path.name, stream.read(DEFAULT.upload_bytes + 1))
    except OSError as error:
        raise BadInput(Fault("not-found", "表样打不开", "请检查文件是否存在", path.name)) from error


def _require_another_file(template: Path, output: Path) -> None:
    """Last month's table must stay: it is the only record of what was sent."""
    try:
        is_same = output.resolve() == template.resolve() or output.samefile(template)
    except (OSError, ValueError, RuntimeError):  # One is not there: other lines tell it.
        return
    if is_same:
        raise BadInput(
            Fault(
                "output-is-template",
                f"输出文件就是表样“{template.name}”，会盖掉上期的表",
                "请用-o另写一个文件名",
            )
        )
