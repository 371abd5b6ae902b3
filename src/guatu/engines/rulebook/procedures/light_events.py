"""A round's total light as an event: `{light = "总灯", is = ["红"]}`. Nobody registers it."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.engines.rulebook.sections import Section

TOTAL = "总灯"
"""The only light of which the earlier locked rounds keep the label."""

FORM = 'on = {light = "总灯", is = ["红"]}'


@dataclass(frozen=True, slots=True)
class LightEvent:
    """A round in which the total light has one of these labels; its day is the round's last."""

    labels: tuple[str, ...]

    @property
    def name(self) -> str:
        """What moves and sentences call it: `总灯为红或橙`."""
        return f"{TOTAL}为{'或'.join(self.labels)}"


def read_events(
    section: Section, key: str, lights: list[LightEvent], *, required: bool = False
) -> tuple[str, ...]:
    """The names of one event or of several under a key; those that are lights go to `lights`."""
    value = section.peek(key)
    if required and value in (None, []):
        section.fault(f"缺少“{key}”", f'写成{key} = ["…", "…"]', code=f"missing-{key}")
        return ()
    names = []
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        if isinstance(one, dict):
            event = _read_light(Section(one, f"{section.place}的{key}", section.faults))
            names += [event.name] if event else []
            lights += [event] if event else []
        elif isinstance(one, str) and one.strip():
            names.append(one.strip())
        else:
            section.fault(f"“{key}”应是一件事或一组事", f'写成{key} = "…"，亮灯写成{FORM}')
    if len(set(names)) < len(names):
        section.fault(f"“{key}”里有写了两次的")
    return tuple(names)


def _read_light(section: Section) -> LightEvent | None:
    light, labels = section.text("light"), section.texts("is")
    section.finish()
    if light and light != TOTAL:
        remedy = "以前各期只留总灯；要看某一维度的灯，在这一级写when"
        section.fault(f"“light”只能是“{TOTAL}”，不能是“{light}”", remedy)
        return None
    if not labels:
        section.fault("缺少“is”", "写明总灯是什么，例如" + FORM)
    return LightEvent(labels) if light and labels else None
