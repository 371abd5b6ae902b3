"""Writing a checked batch: new rows in bulk, changes one by one, nothing for nothing new.

`writer` goes through the rows; each of the others writes one kind of thing that a row says.
"""

from guatu.planning.intake.write.missing import create_missing
from guatu.planning.intake.write.writer import Outcome, Writer

__all__ = ["Outcome", "Writer", "create_missing"]
