"""Guard: what a person can set, call or depend on has its entry in docs, and links lead somewhere.

    python -m tools.check_docs [ROOT]

Both ways: what the code has must be in the document named here, and commands and options that the
documents name must exist.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.sources import project_files, source_files

SETTINGS = "docs/settings.md"
CLI = "docs/cli.md"
GLOSSARY = "docs/glossary.md"
DEVELOPMENT = "docs/development.md"
DEPENDENCIES = "docs/dependencies.md"


@dataclass(frozen=True, slots=True)
class Needed:
    """A term that must stand as `term` in a document, and what kind of thing it is."""

    kind: str
    term: str
    document: str


def problems(root: Path, parser: argparse.ArgumentParser | None = None) -> list[str]:
    """One line for each missing entry, each command that does not exist, each dead link."""
    needed = [
        *environment_variables(root),
        *makefile_targets(root),
        *dependencies(root),
        *organisation_terms(),
    ]
    commands = command_options(parser) if parser else {}
    needed += [Needed("command", command, CLI) for command in commands]
    needed += [
        Needed("option", option, CLI)
        for option in sorted({o for of in commands.values() for o in of})
    ]
    found = list(missing(root, needed))
    if parser:
        found += invented(root, commands)
    return [*found, *dead_links(root)]


def missing(root: Path, needed: Iterable[Needed]) -> Iterator[str]:
    """Which of the needed terms have no entry."""
    texts: dict[str, str] = {}
    for item in needed:
        if item.document not in texts:
            path = root / item.document
            texts[item.document] = path.read_text("utf-8") if path.exists() else ""
        term = re.escape(item.term)
        # An option may stand within an example, everything else begins its own code.
        pattern = (
            rf"(?<![\w-]){term}(?![\w-])"
            if item.kind == "option"
            else rf"`(?:guatu )?{term}(?:[ =]|`)"
        )
        if not re.search(pattern, texts[item.document]):
            yield f"{item.document}: no entry for the {item.kind} `{item.term}`"


def environment_variables(root: Path) -> Iterator[Needed]:
    """Variables that the code reads."""
    pattern = re.compile(r"environ(?:\.get|\.pop|\.setdefault)?[\[(]\s*\"([A-Z][A-Z_]+)\"")
    names = {
        name for path in source_files(root) for name in pattern.findall(path.read_text("utf-8"))
    }
    for name in sorted(names - {"DJANGO_SETTINGS_MODULE"}):
        yield Needed("environment variable", name, SETTINGS)


def makefile_targets(root: Path) -> Iterator[Needed]:
    """Targets that a person calls."""
    text = (root / "Makefile").read_text("utf-8")
    for names in re.findall(r"(?m)^\.PHONY:(.*)$", text):
        for name in names.split():
            yield Needed("target", f"make {name}", DEVELOPMENT)


def dependencies(root: Path) -> Iterator[Needed]:
    """Names in the .in files."""
    for file in ("runtime.in", "dev.in"):
        for line in (root / "requirements" / file).read_text("utf-8").splitlines():
            if match := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[a-z]+\])?", line):
                yield Needed("dependency", match.group(), DEPENDENCIES)


def organisation_terms() -> Iterator[Needed]:
    """Settings, measures, switches, roles and kinds of accounts."""
    from guatu.organisation.types import MEASURES, Role, SwitchName, UserKind
    from guatu.organisation.types import SETTINGS as KEYS

    yield from (Needed("setting", key, SETTINGS) for key in KEYS)
    yield from (Needed("measure", measure, SETTINGS) for measure in MEASURES)
    yield from (Needed("switch", name.value, SETTINGS) for name in SwitchName)
    yield from (Needed("role", role.value, GLOSSARY) for role in Role)
    yield from (Needed("kind of account", kind.value, GLOSSARY) for kind in UserKind)


def command_options(parser: argparse.ArgumentParser, words: str = "") -> dict[str, set[str]]:
    """Every command with its long options: `import ledger` → {`--year`, …}."""
    commands: dict[str, set[str]] = {}
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for action in below:
        for name, command in action.choices.items():
            commands |= command_options(command, f"{words} {name}".strip())
    if not below:
        strings = {text for action in parser._actions for text in action.option_strings}
        commands[words] = {text for text in strings if text.startswith("--")} - {"--help"}
    return commands


def invented(root: Path, commands: dict[str, set[str]]) -> Iterator[str]:
    """Commands and options that a document names and the program does not have."""
    first_words = {words.split()[0] for words in commands}
    options = {option for of in commands.values() for option in of} | {"--help", "--version"}
    for document in (CLI, "README.md", SETTINGS, "docs/deployment.md"):
        path = root / document
        text = path.read_text("utf-8") if path.exists() else ""
        for match in re.finditer(r"(?m)(?:^|`|/)guatu ([a-z]+)(.*)$", text):
            line = text.count("\n", 0, match.start()) + 1
            if match[1] not in first_words:
                yield f"{document}:{line}: there is no command `guatu {match[1]}`"
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", match[2]):
                if option not in options:
                    yield f"{document}:{line}: there is no option `{option}`"


_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def dead_links(root: Path) -> Iterator[str]:
    """Links between documents whose file or heading is not there."""
    for path in project_files(root):
        if path.suffix != ".md":
            continue
        text = path.read_text("utf-8")
        for match in _LINK.finditer(text):
            target, _, anchor = match[1].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            aim = (path.parent / target).resolve() if target else path
            line = text.count("\n", 0, match.start()) + 1
            place = f"{path.relative_to(root).as_posix()}:{line}"
            if not aim.exists():
                yield f"{place}: the link leads nowhere: {match[1]}"
            elif anchor and anchor not in _anchors(aim):
                yield f"{place}: there is no such heading: {match[1]}"


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ +(.*)$", path.read_text("utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


def main(arguments: list[str]) -> int:
    """Print the problems; 1 when there are any."""
    from guatu.cli.parser import build_parser

    found = problems(Path(arguments[0] if arguments else "."), build_parser())
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
