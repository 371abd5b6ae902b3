"""What reading a zip archive from outside can raise."""

from __future__ import annotations

import lzma
import zipfile
import zlib

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError),
    RuntimeError,
    NotImplementedError,
)
"""Cut off or altered; RuntimeError is how `zipfile` says that a password is needed,
NotImplementedError that it does not know the method."""
