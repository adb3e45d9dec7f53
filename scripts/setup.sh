# Sourced by the scripts beside it: sets up the virtual environment .venv of this checkout.

set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# install_packages PACKAGE...: those of Debian's packages that are missing.
install_packages() {
    command -v apt-get >/dev/null || return 0
    missing=""
    for package in "$@"; do
        dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "installing$missing"
    as_root apt-get update -qq
    # shellcheck disable=SC2086 # one word for each package
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
}

find_python() {
    for python in python3 python3.13 python3.12 python3.11; do
        if fits "$python"; then
            echo "$python"
            return 0
        fi
    done
    say "error: no Python 3.11, 3.12 or 3.13 found: install one, such as the package python3"
    return 1
}

# make_environment: .venv with a Python that fits.
make_environment() {
    if [ -x .venv/bin/pip ] && fits .venv/bin/python; then return 0; fi
    command -v python3 >/dev/null || install_packages python3
    python=$(find_python)
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        install_packages "python$version-venv"
    fi
    "$python" -m venv --clear .venv
}
