"""`guatu bench`."""

from __future__ import annotations

import sys
from argparse import Namespace

from guatu.bench.assess import bench_assess
from guatu.bench.intake import bench_import
from guatu.bench.measure import missed_bar
from guatu.bench.pages import bench_pages
from guatu.bench.reporting import bench_reporting
from guatu.bench.submit import bench_submit
from guatu.cli.session import write_json

BENCHES = {
    "import": (bench_import, "ratio"),
    "assess": (bench_assess, "ratio_1e4"),
    "pages": (bench_pages, "lowest_ratio"),
    "reporting": (bench_reporting, "planted_found"),
    "submit": (bench_submit, "submit_ratio"),
}
"""What each benchmark runs, and which of its figures has the bar."""


def bench(arguments: Namespace) -> int:
    """Run one benchmark and print its figures. Exit 1 where it misses its bar."""
    run, measure = BENCHES[arguments.name]
    figures = run()
    if arguments.json:
        write_json(figures, arguments.json)
    else:
        print("  ".join(f"{key}={value}" for key, value in figures.items()))
    missed = missed_bar(figures, measure)
    if missed:
        print(missed, file=sys.stderr)
    return 1 if missed else 0
