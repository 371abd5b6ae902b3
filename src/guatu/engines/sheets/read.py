"""From files to workbooks: guard here, parse in the child, put both together."""

from __future__ import annotations

import importlib.util
import marshal
import os
import select
import subprocess
import sys
import time as clock
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from guatu.core.errors import Fault
from guatu.engines.sheets.delimited import read_delimited
from guatu.engines.sheets.errors import SheetsError, refuse
from guatu.engines.sheets.grid import (
    ASIDE,
    DEFAULT,
    Cell,
    Limits,
    Merge,
    Place,
    Sheet,
    SheetFacts,
    Workbook,
    cell_name,
)
from guatu.engines.sheets.guard import OLE2, SAVE_AS, Passed, guard
from guatu.engines.sheets.scan import too_far

CHILD = Path(__file__).with_name("child.py")
ASK_SAVE = "请用Excel或WPS打开并保存后再导入"
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


def read_workbook(path: Path, *, name: str | None = None, limits: Limits = DEFAULT) -> Workbook:
    """Read one xlsx, xlsm, xls, et, ods, csv or txt file, whatever its extension says.

    `name` is the name that users know the file by (faults carry it). Hidden sheets are left
    out and named in `hidden`. Raises SheetsError with the guard's codes (see `guard`), or
    `not-found`, `broken-content`, `parser-died`, `parser-timeout`, `nothing-in-it`.
    """
    [result] = read_workbooks([path], names=None if name is None else [name], limits=limits)
    if isinstance(result, SheetsError):
        raise result
    return result


def _say_nothing(done: int) -> None:
    """Whoever calls does not want to know how far it is."""


def read_workbooks(
    paths: Iterable[Path],
    *,
    names: Sequence[str] | None = None,
    limits: Limits = DEFAULT,
    told: Callable[[int], None] = _say_nothing,
) -> list[Workbook | SheetsError]:
    """Read many files through one child process; each gives a workbook or its refusal.

    The next file is guarded while the child parses the one before. A file that kills the child
    costs only itself: the next one gets a new child. `told` is called with the number of files
    begun, before each.
    """
    queue = [
        (index, path, names[index] if names is not None else path.name)
        for index, path in enumerate(paths)
    ]
    results: list[Workbook | SheetsError] = [refuse("not-read", "没有读取", "请重试")] * len(queue)
    waiting: _Waiting | None = None
    with _Child(limits) as child:
        for index, path, name in queue:
            told(index)
            try:
                data = _bytes_of(path, name, limits)
                if data.startswith((b"PK", OLE2)):
                    child.start()
                passed = guard(data, name=name, limits=limits)
                if passed.format == "csv":
                    book = read_delimited(data, name=name, limits=limits)
                    results[index] = _with_content(replace(book, data=data))
                    continue
            except SheetsError as error:
                results[index] = error
                continue
            if waiting is not None:
                results[waiting.order] = _collect(child, waiting, limits)
            child.ask(data)
            waiting = _Waiting(index, name, passed, data)
        if waiting is not None:
            results[waiting.order] = _collect(child, waiting, limits)
    return results


def _bytes_of(path: Path, name: str, limits: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(limits.upload_bytes + 1)
    except OSError as error:
        raise refuse("not-found", "文件打不开", "请检查文件是否存在", file=name) from error


class _Waiting(NamedTuple):
    """A file that the child is parsing: its place in the queue, name, guard's facts and bytes."""

    order: int
    name: str
    passed: Passed
    data: bytes


class _Child:
    """One parsing process, started on first use, replaced after it dies."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process and close both pipes."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        process.wait()

    def start(self) -> subprocess.Popen[bytes]:
        """The running process; a new one where there is none."""
        if self._process is None:
            spec = importlib.util.find_spec("python_calamine")
            if spec is None or spec.origin is None:
                raise ModuleNotFoundError("python_calamine")
            command = [sys.executable, "-I", "-S", str(CHILD)]
            command.append(str(Path(spec.origin).parent.parent))
            command += [str(self._limits.memory_bytes), str(self._limits.cpu_seconds)]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ},
            )
        return self._process

    def ask(self, data: bytes) -> None:
        """Hand over one file; the answer is fetched with `answer`."""
        process = self.start()
        assert process.stdin is not None
        request = marshal.dumps((data, self._limits.rows, self._limits.columns, ASIDE))
        self._deadline = clock.monotonic() + self._limits.wall_seconds
        try:
            process.stdin.write(len(request).to_bytes(8, "little"))
            process.stdin.write(request)
            process.stdin.flush()
        except OSError:  # it died: the answer will say so
            return

    def answer(self) -> tuple[Any, ...]:
        """The child's answer to the last question, or an error of its own."""
        try:
            size = int.from_bytes(self._read(8), "little")
            answer: tuple[Any, ...] = marshal.loads(self._read(size))
        except TimeoutError:
            self.stop()
            return ("error", "parser-timeout", "")
        except (EOFError, ValueError, TypeError):
            process = self._process
            code = process.wait() if process is not None else 0
            self.stop()
            # SIGXCPU is 24, and the kernel follows with SIGKILL: both mean time, not memory.
            return ("error", "parser-timeout" if code == -24 else "parser-died", "")
        return answer

    def _read(self, size: int) -> bytes:
        process = self.start()
        assert process.stdout is not None
        handle = process.stdout.fileno()
        parts: list[bytes] = []
        while size > 0:
            left = self._deadline - clock.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                raise TimeoutError
            part = os.read(handle, min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


_CHILD_FAULTS = {
    "encrypted": ("文件设了打开密码", "请取消密码后再导入"),
    "broken-content": ("文件内容已损坏，无法读取", SAVE_AS),
    "parser-died": ("文件过大或已损坏，读取时内存不足", "请删去空白行列和图片，另存后再导入"),
    "parser-memory": ("文件过大，读取时内存不足", "请删去空白行列和图片，另存后再导入"),
    "parser-timeout": ("文件过大或已损坏，读取超时", "请删去空白行列和图片，另存后再导入"),
}


def _collect(child: _Child, waiting: _Waiting, limits: Limits) -> Workbook | SheetsError:
    _, name, passed, data = waiting
    answer = child.answer()
    if answer[0] != "ok":
        code = answer[1]
        if code in ("too-many-rows", "too-many-columns"):
            return too_far(code, name, limits, answer[2])
        what, remedy = _CHILD_FAULTS.get(code, _CHILD_FAULTS["broken-content"])
        return refuse(code, what, remedy, file=name)
    sheets = []
    faults: list[Fault] = []
    aside = None
    for title, hidden, rows, dates, merges in answer[1]:
        if title == ASIDE:
            aside = _sheet(title, rows, dates, merges, SheetFacts())
        elif not hidden:
            facts = passed.facts.get(title, SheetFacts())
            sheet = _sheet(title, rows, dates, merges, facts)
            sheets.append(sheet)
            faults += _warnings(name, sheet)
    hidden_names = tuple(entry[0] for entry in answer[1] if entry[1])
    book = Workbook(name, passed.format, tuple(sheets), hidden_names, tuple(faults), aside, data)
    try:
        return _with_content(book)
    except SheetsError as error:
        return error


def _with_content(book: Workbook) -> Workbook:
    if any(cell not in ("", None) for sheet in book.sheets for row in sheet.rows for cell in row):
        return book
    raise refuse("nothing-in-it", "表格里没有内容", "请检查是否发错了文件", file=book.name)


def _sheet(
    name: str,
    rows: list[list[Cell]],
    dates: list[tuple[int, int, tuple[Any, ...]]],
    merges: list[tuple[Place, Place]],
    facts: SheetFacts,
) -> Sheet:
    for row, column, coded in dates:
        rows[row][column] = _decode_date(coded)
    ranges = [Merge(*start, *end) for start, end in merges] or facts.merges
    return Sheet(
        name,
        rows,
        tuple(ranges),
        uncached=frozenset(place for place in facts.uncached if _is_empty(rows, place)),
        broken=frozenset(place for place in facts.broken if _is_empty(rows, place)),
    )


def _is_empty(rows: list[list[Cell]], place: Place) -> bool:
    row, column = place
    return row >= len(rows) or column >= len(rows[row]) or rows[row][column] in ("", None, 0)


def _decode_date(coded: tuple[Any, ...]) -> Cell:
    kind, value = coded
    match kind:
        case "t":
            return datetime.fromisoformat(value)
        case "d":
            return date.fromordinal(value)
        case "h":
            return time.fromisoformat(value)
        case "s":
            return timedelta(seconds=value)
        case _:
            return str(value)


def _warnings(file: str, sheet: Sheet) -> list[Fault]:
    faults = []
    for code, places, what, remedy in (
        ("formula-without-value", sheet.uncached, "有公式没有计算结果", ASK_SAVE),
        ("cell-error", sheet.broken, "单元格显示的是错误值", "请改正公式后再导入"),
    ):
        if places:
            first = cell_name(*min(places))
            more = f"（共{len(places)}处）" if len(places) > 1 else ""
            faults.append(Fault(code, what + more, remedy, file, sheet.name, first))
    return faults
