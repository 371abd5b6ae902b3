"""Who is offered to record what; the services of the ledger ask again."""

from __future__ import annotations

from collections.abc import Iterable

from guatu.assessment.recordable import Recordable
from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.core.ids import is_id
from guatu.engines.rulebook.types import Measure
from guatu.ledger.access import may_record
from guatu.ledger.models import RecordedValue
from guatu.organisation.queries import names_of_organisations
from guatu.organisation.types import Right
from guatu.wall.viewer import Viewer


class Recorder:
    """What one user may record; his organisation's name is read once, where a judgement asks."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._rights = viewer.rights
        self._organisation: str | None = None

    def may(self, measure: Measure) -> bool:
        """Whether this measure is his to give."""
        return may_record(
            measure,
            rights=self._rights,
            roles=self._viewer.roles,
            organisation=self._own_name() if measure.judged_by else "",
        )

    @property
    def may_withdraw_all(self) -> bool:
        """Whether he may withdraw what the book in force no longer knows."""
        return Right.EDIT_PROJECTS in self._rights

    def _own_name(self) -> str:
        if self._organisation is None:
            pk = self._viewer.user.organisation_id
            names = names_of_organisations([pk]) if pk is not None else {}
            self._organisation = names.get(pk, "") if pk is not None else ""
        return self._organisation


def require_some(viewer: Viewer, offered: Iterable[Recordable]) -> None:
    """Raise NotAllowed for who may record nothing at all."""
    recorder = Recorder(viewer)
    if Right.RECORD_VALUES in viewer.rights or any(recorder.may(one.measure) for one in offered):
        return
    raise NotAllowed(Fault("not-allowed", "没有登记的权限", "请由项目办或审核员办理"))


def get_value(viewer: Viewer, value_id: int) -> RecordedValue:
    """A recorded value of a project that the viewer sees, or, where he sees everything, of a unit
    or region; or NotFound."""
    unknown = NotFound(Fault("unknown-value", "没有这次登记", "请回到登记页"))
    value = RecordedValue.objects.filter(pk=value_id).first() if is_id(value_id) else None
    if value is None or (value.project_id is None and not viewer.sees_everything):
        raise unknown
    if value.project_id is not None:
        try:
            viewer.project(value.project_id)
        except NotFound as error:
            raise unknown from error
    return value
