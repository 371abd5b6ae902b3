#!/bin/sh
# Print the path of a Python that can run Guatu (3.12 or newer, with venv and pip), or say in one
# line what is wrong. PYTHON=… names one; otherwise .python-version is tried first.
usable='
import sys
try:
    import ensurepip, venv
except ImportError:
    sys.exit(3)
sys.exit(0 if sys.version_info >= (3, 12) else 2)
'

if [ -n "${PYTHON:-}" ]; then
    candidates=$PYTHON
else
    wanted=$(cat .python-version 2>/dev/null)
    candidates="python$wanted python3.13 python3.12 python3.14 python3 python"
fi
seen="none"
for name in $candidates; do
    "$name" -c "$usable" >/dev/null 2>&1
    case $? in
        0) "$name" -c 'import sys; print(sys.executable)'; exit 0 ;;
        2) seen=$("$name" -c 'import sys; print(".".join(map(str, sys.version_info[:3])))' 2>/dev/null) ;;
        3) seen="$name (no venv)" ;;
    esac
done
echo "需要 Python 3.12 或更高版本（带 venv），找到的是：$seen。请安装后重试，或用 make setup PYTHON=… 指定 / Guatu needs Python >= 3.12 with venv; found: $seen. Install one or name it with PYTHON=…" >&2
exit 1
