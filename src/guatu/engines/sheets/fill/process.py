"""Asking the writing child: one process for one question, with limits, never in the server."""

from __future__ import annotations

import importlib.util
import marshal
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import guatu
from guatu.engines.sheets.errors import refuse
from guatu.engines.sheets.grid import Limits
from guatu.engines.sheets.read import KEPT_ENVIRONMENT

CHILD = Path(__file__).with_name("child.py")
_SAVE_AGAIN = "请用Excel或WPS打开，另存为.xlsx后再用"
_FAULTS = {
    "broken-content": ("表样内容已损坏，打不开", _SAVE_AGAIN),
    "parser-memory": ("表样过大，内存不足", "请删去空白行列、图片和无关工作表后再用"),
    "parser-died": ("表样过大或已损坏，打不开", "请删去空白行列、图片和无关工作表后再用"),
    "parser-timeout": ("表样过大，处理超时", "请删去空白行列、图片和无关工作表后再用"),
}


def ask(question: tuple[Any, ...], *, file: str, limits: Limits) -> tuple[Any, ...]:
    """The child's answer without its first word `ok`.

    Raises SheetsError `broken-content`, `parser-memory`, `parser-died` or `parser-timeout`,
    and RuntimeError when the child itself is at fault.
    """
    spec = importlib.util.find_spec("openpyxl")
    if spec is None or spec.origin is None or guatu.__file__ is None:
        raise ModuleNotFoundError("openpyxl")
    command = [sys.executable, "-I", "-S", str(CHILD)]
    command += [str(limits.memory_bytes), str(limits.cpu_seconds), str(limits.inflated_bytes)]
    command += [str(Path(spec.origin).parent.parent), str(Path(guatu.__file__).parent.parent)]
    environment = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
    with tempfile.TemporaryDirectory(prefix="guatu-fill-") as folder:
        try:
            done = subprocess.run(
                command,
                input=marshal.dumps(question),
                capture_output=True,
                timeout=limits.wall_seconds,
                env={**environment, "TMPDIR": folder},
                check=False,
            )
        except subprocess.TimeoutExpired:
            _refuse("parser-timeout", file)
    if done.returncode == -24:  # SIGXCPU
        _refuse("parser-timeout", file)
    try:
        answer = marshal.loads(done.stdout)
    except (EOFError, ValueError, TypeError):
        _refuse("parser-died", file)
    if answer[0] == "error" and answer[1] == "internal":
        raise RuntimeError(answer[2])
    if answer[0] != "ok":
        _refuse(answer[1], file)
    return tuple(answer[1:])


def _refuse(code: str, file: str) -> NoReturn:
    what, remedy = _FAULTS.get(code, _FAULTS["broken-content"])
    raise refuse(code, what, remedy, file=file)
