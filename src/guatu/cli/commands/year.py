"""`guatu year open`."""

from __future__ import annotations

from argparse import Namespace

from guatu.cli.session import actor_of
from guatu.reporting.desk.year import opened_words
from guatu.reporting.services import roll_over


def open_year(arguments: Namespace) -> int:
    """Make the new year's lists out of those of the year before."""
    command = roll_over.OpenYear(
        arguments.year, arguments.from_year, is_provisional=arguments.provisional
    )
    for words in opened_words(roll_over.open_year(actor_of(arguments), command)):
        print(f"{words}。")
    print("本年完成自零起算，自开工累计和责任关系不变；年度计划下达后请导入清单。")
    return 0
