"""The canonical content of a snapshot, its digest and its stored form. Pure.

One JSON line for the head, one for the office's own working days, one a region, one a unit or
region of which values were recorded, one a subject in id order; the digest covers these lines
(architecture §5.2), not the compressed file. Where nothing was recorded, or the office has no days
of its own, nothing is written of it: such contents keep their old digests.

Schema 2 adds the issued version of the list (one line with its number, what it said on the line of
each subject, one line for each project that has left) and the decreed curve. A content that has
neither is of schema 1, as it was before there were any.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from datetime import date
from json import JSONEncoder
from typing import Any

from guatu.assessment.types import (
    Content,
    FrozenCurve,
    FrozenEntry,
    FrozenFigure,
    IssuedPlan,
    Recorded,
    RegionRow,
    Spoken,
    Subject,
)

SCHEMA_VERSION = 2
"""The newest form that this program reads."""
_encode = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


_DAYS: dict[date, str] = {}


def _figures(figures: list[FrozenFigure]) -> list[list[object]]:
    rows: list[list[object]] = []
    for as_of, value, mark in figures:
        text = _DAYS.get(as_of)
        if text is None:
            text = _DAYS[as_of] = as_of.isoformat()
        rows.append([text, value, mark])
    return rows


def lines(content: Content) -> Iterator[str]:
    """The canonical lines."""
    yield _encode(
        {
            "schema": content.schema,
            "list": content.list_name,
            "year": content.year,
            "period": content.period,
            "as_of": content.as_of.isoformat(),
            "cut_off_on": content.cut_off_on.isoformat(),
            "revision": content.revision,
        }
    )
    if content.workdays:
        days = sorted(content.workdays)
        yield _encode({"workdays": [[day.isoformat(), is_worked] for day, is_worked in days]})
    if content.curve is not None:
        name, version, points = content.curve
        told = [[_iso(on), numerator, denominator] for on, numerator, denominator in points]
        yield _encode({"curve": [name, version, told]})
    if content.issue is not None:
        yield _encode({"issue": content.issue})
    for region in sorted(content.regions, key=lambda r: r.id):
        yield _encode({"region": [region.id, region.name, region.code, region.kind]})
    for other in sorted(content.others, key=lambda o: (o.kind, o.id)):
        spoken = {"spoken": [other.kind, other.id, other.name]}
        yield _encode(spoken | {"recorded": _recorded(other.recorded)})
    for subject in sorted(content.subjects, key=lambda s: s.id):
        yield subject_line(subject)
    for subject in sorted(content.exited, key=lambda s: s.id):
        yield _encode({"exited": _told(subject)})


def _recorded(recorded: tuple[Recorded, ...]) -> list[list[object]]:
    return [
        [one.measure, one.form, [[_iso(e.on), _iso(e.valid_to), e.value] for e in one.entries]]
        for one in recorded
    ]


def _recorded_of(rows: list[Any]) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(
            measure,
            form,
            tuple(
                FrozenEntry(date.fromisoformat(on), _day(until), value)
                for on, until, value in entries
            ),
        )
        for measure, form, entries in rows
    )


def _spoken(row: dict[str, Any]) -> Spoken:
    kind, pk, name = row["spoken"]
    return Spoken(kind, pk, name, _recorded_of(row["recorded"]))


def subject_line(s: Subject) -> str:
    """The canonical line of one subject."""
    return _encode(_told(s))


def _told(s: Subject) -> dict[str, Any]:
    more: dict[str, Any] = {"recorded": _recorded(s.recorded)} if s.recorded else {}
    if s.issued is not None:
        *said, planned_start = s.issued
        more["issued"] = [*said, _iso(planned_start)]
    return more | {
        "id": s.id,
        "serial": s.serial,
        "code": s.code,
        "name": s.name,
        "region_id": s.region_id,
        "region": s.region,
        "unit_id": s.unit_id,
        "unit": s.unit,
        "sector": s.sector,
        "nature": s.nature,
        "is_appraised": s.is_appraised,
        "parts": s.parts,
        "total_yuan": s.total_yuan,
        "plan_yuan": s.plan_yuan,
        "slice_yuan": s.slice_yuan,
        "planned_start": _iso(s.planned_start),
        "actual_start": _iso(s.actual_start),
        "planned_completion": _iso(s.planned_completion),
        "actual_completion": _iso(s.actual_completion),
        "is_registered": s.is_registered,
        "judgements": s.judgements,
        "report_state": s.report_state,
        "progress": s.progress,
        "problem": s.problem,
        "investment": _figures(s.investment),
        "investment_total": _figures(s.investment_total),
    }


def freeze(content: Content) -> tuple[str, bytes]:
    """The digest `sm3:<hex>` of the content and its compressed bytes."""
    text = "\n".join(lines(content)).encode()
    return f"sm3:{hashlib.new('sm3', text).hexdigest()}", zlib.compress(text, 1)


def digest_of(content: Content) -> str:
    """The digest of the content, in hexadecimal digits alone."""
    return hashlib.new("sm3", "\n".join(lines(content)).encode()).hexdigest()


def thaw(stored: bytes, digest: str) -> Content:
    """Read stored content back. Raises ValueError where it does not fit the digest."""
    try:
        text = zlib.decompress(stored)
    except zlib.error as error:
        raise ValueError("定版数据无法解压") from error
    if f"sm3:{hashlib.new('sm3', text).hexdigest()}" != digest:
        raise ValueError("定版数据与摘要不符")
    head, *rows = map(json.loads, text.decode().split("\n"))
    if head["schema"] > SCHEMA_VERSION:
        raise ValueError("定版数据由更新版本的程序写成，请升级程序")
    content = Content(
        list_name=head["list"],
        year=head["year"],
        period=head["period"],
        as_of=date.fromisoformat(head["as_of"]),
        cut_off_on=date.fromisoformat(head["cut_off_on"]),
        revision=head["revision"],
        regions=[RegionRow(*row["region"]) for row in rows if "region" in row and "id" not in row],
        subjects=[_subject(row) for row in rows if "id" in row],
        others=[_spoken(row) for row in rows if "spoken" in row],
        workdays=tuple(
            (date.fromisoformat(day), is_worked)
            for row in rows
            for day, is_worked in row.get("workdays", ())
        ),
        issue=next((row["issue"] for row in rows if "issue" in row), None),
        exited=[_subject(row["exited"]) for row in rows if "exited" in row],
        curve=next((_curve(row["curve"]) for row in rows if "curve" in row), None),
    )
    content.subjects.sort(key=lambda s: s.serial)
    content.exited.sort(key=lambda s: s.serial)
    return content


def _curve(told: list[Any]) -> FrozenCurve:
    name, version, points = told
    return FrozenCurve(name, version, tuple((date.fromisoformat(on), n, d) for on, n, d in points))


def subject_of_line(line: str) -> Subject:
    """The subject of one canonical line; ValueError where it is none."""
    row = json.loads(line)
    if not isinstance(row, dict) or "id" not in row:
        raise ValueError("not the line of a subject")
    return _subject(row)


_DAY_FIELDS = ("planned_start", "actual_start", "planned_completion", "actual_completion")
_FIGURE_FIELDS = ("investment", "investment_total")


def _subject(row: dict[str, Any]) -> Subject:
    for name in _DAY_FIELDS:
        row[name] = _day(row[name])
    for name in _FIGURE_FIELDS:
        row[name] = [FrozenFigure(date.fromisoformat(d), v, m) for d, v, m in row[name]]
    if "recorded" in row:
        row["recorded"] = _recorded_of(row["recorded"])
    if "issued" in row:
        plan, region, unit, sector, nature, start = row["issued"]
        row["issued"] = IssuedPlan(plan, region, unit, sector, nature, _day(start))
    return Subject(**row)
