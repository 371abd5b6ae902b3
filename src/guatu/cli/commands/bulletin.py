"""`guatu bulletin`."""

from __future__ import annotations

from argparse import Namespace

from guatu.cli.session import actor_of, tell_run, write_bytes
from guatu.core.periods import parse_period
from guatu.ledger.queries import find_list
from guatu.publishing.services.bulletin import write_circular


def bulletin(arguments: Namespace) -> int:
    """Write the circular of a locked round as docx."""
    actor = actor_of(arguments)
    period = parse_period(arguments.period)
    made = write_circular(actor, find_list(period.year, arguments.list_name), period)
    write_bytes(arguments.output, made.content)
    print(
        f"已生成通报{arguments.output.name}：{made.pages}页，"
        f"依据{period.key}第{made.snapshot.revision}版定版数据。"
    )
    tell_run(made.notices)
    return 0
