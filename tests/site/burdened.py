"""What two worlds hold of what units are asked for, and of the appraisal from above."""

from __future__ import annotations

from datetime import date
from typing import Final

from guatu.appraisal.models import Criterion, Evidence, Scheme
from guatu.files.services import store_blob
from guatu.journal.services import Act
from guatu.reporting.burden.models import Complaint, FormAddressee, FormRequest
from guatu.reporting.burden.types import ComplaintSubject, FormCadence

YEAR: Final = 2026


def burdened(act: Act, word: str, unit: int) -> dict[str, int]:
    """A registered form for a world's unit, and the unit's complaint of it."""
    form = FormRequest(
        name=f"{word}调查表",
        organisation_id=unit,
        basis=f"{word}文件",
        cadence=FormCadence.MONTH,
        from_on=date(YEAR, 1, 1),
        until_on=date(YEAR, 12, 31),
        fields=f"{word}用工人数",
        is_for_all=False,
        by="office",
        at=act.at,
    )
    act.write(form)
    act.write(FormAddressee(form=form, organisation_id=unit))
    complaint = Complaint(
        organisation_id=unit,
        subject=ComplaintSubject.FORM,
        form=form,
        text=f"{word}重复",
        by="reporter",
        at=act.at,
    )
    act.write(complaint)
    return {"form_id": form.pk, "complaint_id": complaint.pk}


def appraised(act: Act, word: str, unit: int) -> dict[str, int]:
    """A scheme from above with one criterion of a world's unit, and evidence of it."""
    scheme = Scheme(
        year=YEAR,
        name=f"{word}考核",
        issuer=f"{word}上级",
        from_on=date(YEAR, 1, 1),
        until_on=date(YEAR, 12, 31),
    )
    act.write(scheme)
    criterion = Criterion(
        scheme=scheme,
        number="1",
        name=f"{word}指标",
        full_points_milli=10_000,
        organisation_id=unit,
    )
    act.write(criterion)
    blob = store_blob(act, f"%PDF-1.4 {word}".encode(), "application/pdf")
    evidence = Evidence(
        criterion=criterion,
        title=f"{word}佐证",
        blob=blob,
        file_name=f"{word}.pdf",
        on=date(YEAR, 9, 30),
        by="office",
        at=act.at,
    )
    act.write(evidence)
    return {"scheme_id": scheme.pk, "criterion_id": criterion.pk, "evidence_id": evidence.pk}
