"""Guard: rows are saved through `journal.act` only (architecture §5.2).

    python -m tools.check_writes [ROOT]

It reads the syntax of every module of the package and names each call that would save, change or
delete rows past the writer. Derived tables, which can be made again from others, are let through
by name and place, each with its reason.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.sources import source_files

CREATING = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
CREATING |= {f"a{name}" for name in CREATING}
WRITER = "src/guatu/journal/services.py"
DERIVED = {
    (
        "src/guatu/organisation/services/",
        "OrganisationClosure",
    ): "follows from the parents in OrganisationName",
    ("src/guatu/assessment/services/", "Run"): "made again from snapshot, rule book and settings",
    ("src/guatu/assessment/services/", "Result"): "made again with its run",
    ("src/guatu/assessment/services/", "ForecastBasis"): "made again with its run",
    ("src/guatu/assessment/services/", "Forecast"): "made again with its run",
    ("src/guatu/assessment/services/", "ForecastTest"): "made again with its run",
    ("src/guatu/organisation/services/", "UsedPassword"): "what may not come back; nobody reads it",
    ("src/guatu/reporting/services/", "DeliveryLease"): "who is reading now; nothing follows",
    ("src/guatu/reporting/services/", "ReportDraft"): "typed and not sent in; gone when it is",
}
ALLOWED_FILES = {
    WRITER: "it is the writer",
    "src/guatu/journal/once.py": "form tokens are swept after days; the act itself is journalled",
    "src/guatu/bench/intake.py": "the bare bulk_create that importing is measured against",
    "src/guatu/ui/bare.py": "the bare inserts that sending in is measured against",
    "src/guatu/bench/province.py": "invented rows in files, no table of the installation",
}
_WRITING_SQL = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|MERGE|COPY)\b", re.IGNORECASE
)


def problems(root: Path) -> list[str]:
    """One line for each forbidden call: file, line, what it is."""
    found = []
    for path in source_files(root):
        name = path.relative_to(root).as_posix()
        if name not in ALLOWED_FILES:
            tree = ast.parse(path.read_text("utf-8"), filename=name)
            found += [
                f"{name}:{line}: {what} — write through journal.act"
                for line, what in _writes(tree, name)
            ]
    return found


def _writes(tree: ast.Module, name: str) -> Iterator[tuple[int, str]]:
    derived = _derived_names(tree, name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if _is_write(node, node.func) and _root(node.func) not in derived:
                yield node.lineno, f".{node.func.attr}(…)"
        elif isinstance(node, ast.expr) and _named(node) == "ManyToManyField":
            yield node.lineno, "ManyToManyField, whose rows no act would journal"


def _derived_names(tree: ast.Module, name: str) -> set[str]:
    """Derived tables of this place, and variables that only ever hold rows of them."""
    names = {model for place, model in DERIVED if name.startswith(place)}
    held: dict[str, bool] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            variable = node.targets[0].id
            held[variable] = held.get(variable, True) and _root(node.value) in names
    return names | {variable for variable, is_derived in held.items() if is_derived}


def _root(node: ast.expr) -> str:
    """Where a chain of calls starts: `Result` of `Result.objects.filter(…).delete()`."""
    while isinstance(node, (ast.Attribute, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _named(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _is_write(call: ast.Call, function: ast.Attribute) -> bool:
    match function.attr:
        case name if name in CREATING:
            return True
        case "delete" | "adelete" | "_raw_delete" | "save_base":
            return True
        case "save" | "asave":
            # A document is saved to a path, a row without a positional argument.
            return not call.args
        case "update" | "aupdate":
            # A dictionary or digest is updated from a value, a queryset by keywords only.
            return not call.args and bool(call.keywords)
        case "execute" | "executemany" | "executescript" | "raw":
            return bool(call.args) and _is_writing_sql(call.args[0])
    return False


def _is_writing_sql(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr) and argument.values:
        argument = argument.values[0]
    return (
        isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and _WRITING_SQL.match(argument.value) is not None
    )


def main(arguments: list[str]) -> int:
    """Print the problems; 1 when there are any."""
    found = problems(Path(arguments[0] if arguments else "."))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
