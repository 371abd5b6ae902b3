"""`guatu bench`."""

from __future__ import annotations

from argparse import Namespace

from guatu.bench.assess import bench_assess
from guatu.bench.intake import bench_import
from guatu.cli.session import write_json


def bench(arguments: Namespace) -> int:
    """Run one benchmark and print its figures."""
    figures = {"import": bench_import, "assess": bench_assess}[arguments.name]()
    if arguments.json:
        write_json(figures, arguments.json)
    else:
        print("  ".join(f"{key}={value}" for key, value in figures.items()))
    return 0
