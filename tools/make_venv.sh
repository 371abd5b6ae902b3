#!/bin/sh
# Make or refresh the virtual environment from a lock: `make_venv.sh FOLDER run|dev`. Called by
# make only when something that it depends on has changed.
set -e
venv=$1
if ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
    python=$(sh tools/find_python.sh) || exit 1
    "$python" -m venv --clear "$venv"
fi
pip="$venv/bin/python -m pip --disable-pip-version-check"
if [ "$2" = run ]; then
    # To run from the checkout no building is needed: a path and a script do.
    $pip install --quiet --no-compile --require-hashes -r requirements/runtime.txt
    "$venv/bin/python" tools/link_checkout.py
else
    $pip install --quiet --require-hashes -r requirements/dev.txt
    $pip install --quiet --no-deps --no-build-isolation -e .
fi
"$venv/bin/python" -c 'import sys; print("环境就绪 / ready: Python", sys.version.split()[0])'
