"""Entry point: arguments, Django, the error boundary and the exit codes.

0 done · 1 internal fault (one line with its id) · 2 refused (one line per fault on stderr) ·
3 partly taken, the rest waits. Never a traceback.
"""

from __future__ import annotations

import io
import os
import secrets
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from dj_database_url import UnknownSchemeError
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, OperationalError

from guatu.cli.hints import told
from guatu.cli.parser import UsageError, build_parser
from guatu.core.errors import GuatuError


def run() -> None:
    """The `guatu` executable."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Chinese, or a file name without UTF-8, must not end a command.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    try:
        arguments = build_parser().parse_args(list(argv))
        _set_up_django()
        return int(arguments.handle(arguments))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except GuatuError as error:
        for fault in error.faults:
            print(told(fault), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader (head, less) went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except IntegrityError:
        print("刚被另一条命令写入了同样的内容。请再试一次。", file=sys.stderr)
        return 2
    except (ImproperlyConfigured, UnknownSchemeError) as error:
        line = str(error).strip().split("\n")[0]
        print(f"设置有误（{line}）。请核对DATABASE_URL和GUATU_HOME。", file=sys.stderr)
        return 2
    except OperationalError as error:
        if "locked" not in str(error):
            return _internal_fault()
        print("数据库正被另一条命令占用。请稍后再试一次。", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("已中止。", file=sys.stderr)
        return 2
    except Exception:
        return _internal_fault()


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _internal_fault() -> int:
    """Keep the traceback in a file and print one line with its id."""
    fault_id = secrets.token_hex(4)
    folder = Path(os.environ.get("GUATU_HOME", "./var")) / "faults"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{fault_id}.txt").write_text(traceback.format_exc(), encoding="utf-8")
        where = f"，详情在GUATU_HOME的faults/{fault_id}.txt"
    except OSError:
        where = ""
    kind = sys.exc_info()[0]
    name = kind.__name__ if kind else "?"
    print(f"内部故障{fault_id}（{name}）{where}，请把编号告诉维护人员。", file=sys.stderr)
    return 1
