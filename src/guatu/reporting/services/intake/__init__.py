"""Taking report workbooks in: many files, one period, one call (office.md 2, M-C1, M-A8).

`gather` reads and matches, `store` judges and writes, `take_in` is the user's act.
"""

from guatu.reporting.services.intake.batch import (
    Batch,
    FileTaken,
    Places,
    ReportsTaken,
    TakeInReports,
)
from guatu.reporting.services.intake.gather import gather
from guatu.reporting.services.intake.store import store
from guatu.reporting.services.intake.take_in import take_in_again, take_in_read, take_in_reports

__all__ = [
    "Batch",
    "FileTaken",
    "Places",
    "ReportsTaken",
    "TakeInReports",
    "gather",
    "store",
    "take_in_again",
    "take_in_read",
    "take_in_reports",
]
