#!/bin/sh
# Make or refresh the virtual environment from the lock. Called by make only when something that
# it depends on has changed.
set -e
venv=$1
if ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
    python=$(sh tools/find_python.sh) || exit 1
    "$python" -m venv --clear "$venv"
fi
pip="$venv/bin/python -m pip --disable-pip-version-check"
$pip install --quiet --require-hashes -r requirements/dev.txt
$pip install --quiet --no-deps --no-build-isolation -e .
"$venv/bin/python" -c 'import sys; print("环境就绪 / ready: Python", sys.version.split()[0])'
