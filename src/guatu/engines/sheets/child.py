"""The reader that may die: parses workbooks with calamine, under limits, in its own process.

Run by path as a plain script (`python -I -S child.py DIRECTORY MEMORY_BYTES CPU_SECONDS`), so
that it starts in milliseconds: it imports the standard library and calamine, nothing of guatu
(without -I the modules beside it would hide those of the standard library).
Calamine aborts the whole process when memory ends, which is why it never runs in the server.

Frames on both pipes are an eight-byte little-endian length and a marshalled value.
Request: `(data, rows, columns, aside)`. Answer: `("ok", sheets)` with
`(name, hidden, rows, dates, merges)` each, or `("error", code, text)`. Of hidden sheets only the
one named `aside` has rows.
"""

from __future__ import annotations

import marshal
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, BinaryIO

PLAIN = frozenset({str, int, float, bool, type(None)})


def limit_process(memory_bytes: int, cpu_seconds: int) -> None:
    """Memory for the whole life, no files, no core; processor time is renewed for every file."""
    try:
        import resource
    except ImportError:  # not a POSIX system: the wall clock of the parent remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + cpu_seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def encode_date(value: Any) -> tuple[Any, ...]:
    """A date or time as a tuple of plain values, its kind first."""
    if isinstance(value, datetime):
        return ("t", value.isoformat())
    if isinstance(value, date):
        return ("d", value.toordinal())
    if isinstance(value, time):
        return ("h", value.isoformat())
    if isinstance(value, timedelta):
        return ("s", value.total_seconds())
    return ("?", str(value))


def pull_dates(rows: list[list[Any]]) -> list[tuple[int, int, tuple[Any, ...]]]:
    """Replace every cell that marshal cannot carry by None and list it apart."""
    found = []
    for column, cells in enumerate(zip(*rows, strict=True)):
        if PLAIN.issuperset(map(type, cells)):
            continue
        for number, cell in enumerate(cells):
            if type(cell) not in PLAIN:
                found.append((number, column, encode_date(cell)))
                rows[number][column] = None
    return found


def parse(data: bytes, rows: int, columns: int, aside: str) -> tuple[Any, ...]:
    """Read every visible sheet and the one aside; refuse a sheet beyond the limits before it is
    unfolded."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        sheets: list[tuple[Any, ...]] = []
        for meta in book.sheets_metadata:
            if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            is_hidden = meta.visible is not calamine.SheetVisibleEnum.Visible
            if is_hidden and meta.name != aside:
                sheets.append((meta.name, True, [], [], []))
                continue
            sheet = book.get_sheet_by_name(meta.name)
            end = sheet.end
            if end is not None and end[0] >= rows:
                return ("error", "too-many-rows", meta.name)
            if end is not None and end[1] >= columns:
                return ("error", "too-many-columns", meta.name)
            grid: list[list[Any]] = sheet.to_python(skip_empty_area=False)
            dates = pull_dates(grid)
            sheets.append((meta.name, is_hidden, grid, dates, sheet.merged_cell_ranges or []))
    except calamine.PasswordError:
        return ("error", "encrypted", "")
    except MemoryError:
        return ("error", "parser-memory", "")
    except Exception as error:
        return ("error", "broken-content", str(error)[:200])
    return ("ok", sheets)


def read_exactly(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, or fewer at the end of the stream."""
    data = stream.read(size)
    return data if data is not None else b""


def serve(source: BinaryIO, sink: BinaryIO, memory_bytes: int, cpu_seconds: int) -> None:
    """Answer requests until the parent closes the pipe."""
    while True:
        head = read_exactly(source, 8)
        if len(head) < 8:
            return
        limit_process(memory_bytes, cpu_seconds)
        request = marshal.loads(read_exactly(source, int.from_bytes(head, "little")))
        answer = marshal.dumps(parse(*request))
        sink.write(len(answer).to_bytes(8, "little"))
        sink.write(answer)
        sink.flush()


if __name__ == "__main__":
    sys.path.append(sys.argv[1])
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[2]), int(sys.argv[3]))
