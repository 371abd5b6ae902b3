"""What this engine refuses, as one exception that carries its faults."""

from __future__ import annotations

from guatu.core.errors import BadInput, Fault


class SheetsError(BadInput):
    """A workbook, a mapping file or a vocabulary that cannot be taken; nothing was read from it."""

    @property
    def code(self) -> str:
        """The code of the first fault."""
        return self.faults[0].code


def refuse(
    code: str, what: str, remedy: str, *, file: str = "", sheet: str = "", cell: str = ""
) -> SheetsError:
    """A `SheetsError` with one fault, ready to raise."""
    return SheetsError(Fault(code, what, remedy, file, sheet, cell))
