"""`guatu table`: the office's own summary table, filled."""

from __future__ import annotations

from argparse import Namespace

from guatu.cli.session import actor_of, tell, write_bytes
from guatu.core.periods import parse_period
from guatu.ledger.queries import find_list
from guatu.publishing.services.table import fill_summary_table


def table(arguments: Namespace) -> int:
    """Fill last month's table with this month's figures; exit 3 when cells want a person."""
    actor = actor_of(arguments)
    period = parse_period(arguments.period)
    listing = find_list(period.year, arguments.list_name)
    made = fill_summary_table(actor, listing, period, arguments.template)
    write_bytes(arguments.output, made.content)
    print(
        f"已填{listing}{period.key}汇总表（第{made.snapshot.revision}版）："
        f"填{made.filled}格，其中{made.changed}格有变化，新增{len(made.added)}行，"
        f"{len(made.departed)}行已不在清单，{len(made.unfilled)}处待补。"
    )
    for row in made.added:
        print(f"新增：工作表“{row.sheet}”第{row.row}行 {row.name}")
    print("公式的结果在Excel、WPS打开时重新计算，发送前请打开并保存一次。")
    tell(made.notices, "提示")
    tell(made.unfilled, "没有填上的")
    return 3 if made.unfilled else 0
