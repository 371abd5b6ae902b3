"""The whole suite, on SQLite, on PostgreSQL, and in a browser. What cannot run here is named.

python -m tools.run_tests [--long] [pytest arguments…]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tools import pg_cluster

NO_TESTS = 5
MISSING_BROWSER = 3
WITHOUT_POSTGRES = (
    "没有安装 PostgreSQL：整套测试没有在 PostgreSQL 上运行（Debian 的软件包名是 postgresql）\n"
    "PostgreSQL is not installed: the suite did not run on it (Debian's package: postgresql)"
)


WITHOUT_CHROMIUM = (
    "没有安装 Chromium：浏览器里的走查没有运行（Debian 的软件包名是 chromium）\n"
    "Chromium is not installed: the journeys did not run (Debian's package: chromium)"
)
JOURNEYS = "e2e"
WITHOUT_DATABASE = ("src/guatu/engines", "src/guatu/core", "tests/tools")
"""Engines and core may import no Django (a contract of the import linter), tools are not of the
site: one database is enough for them."""
LONG_ON_POSTGRES = ("tests/published",)
"""Months of published figures taken in and assessed: on PostgreSQL only in the long run."""


def pytest_command(arguments: list[str]) -> list[str]:
    """How pytest is called; `--long` adds the full forms of the harnesses."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--maxprocesses", "4"]
    # Long tests lie close together; an idle worker takes some of them over.
    command += ["--dist", "worksteal"]
    if "--long" in arguments:
        command += ["-m", ""]
    return command + [argument for argument in arguments if argument != "--long"]


def main(arguments: list[str]) -> int:
    """Run both; 0 when all that could run passed. In CI, PostgreSQL must be there."""
    command = pytest_command(arguments)
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    print("== SQLite ==", flush=True)
    codes = [subprocess.run(command, env=environment, check=False).returncode]
    try:
        with pg_cluster.cluster() as url:
            print("\n== PostgreSQL ==", flush=True)
            environment["DATABASE_URL"] = url
            left_out = WITHOUT_DATABASE + (() if "--long" in arguments else LONG_ON_POSTGRES)
            command += [f"--ignore={folder}" for folder in left_out]
            code = subprocess.run(command, env=environment, check=False).returncode
            codes.append(0 if code == NO_TESTS else code)
    except pg_cluster.PostgresMissing:
        print(WITHOUT_POSTGRES, file=sys.stderr, flush=True)
        if os.environ.get("CI"):
            codes.append(pg_cluster.MISSING)
    codes.append(journeys(arguments))
    return next((code for code in codes if code), 0)


def journeys(arguments: list[str]) -> int:
    """The journeys, one after the other against one server; in CI a browser must be there."""
    print("\n== Chromium ==", flush=True)
    if shutil.which("chromium") is None:
        print(WITHOUT_CHROMIUM, file=sys.stderr, flush=True)
        return MISSING_BROWSER if os.environ.get("CI") else 0
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", JOURNEYS]
    if "--long" in arguments:
        command += ["-m", ""]
    command += [argument for argument in arguments if argument != "--long"]
    code = subprocess.run(command, check=False).returncode
    return 0 if code == NO_TESTS else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
