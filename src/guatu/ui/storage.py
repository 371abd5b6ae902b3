"""Static files with their content's digest in the name, so that browsers keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Versioned(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Strict where `collectstatic` has run; plain names in tests and debug, where it has not."""

    manifest_strict = False
