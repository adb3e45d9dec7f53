#!/bin/sh
# Sets everything up and recognizes digits: from the microphone, or from the bundled recording
# where there is none. Arguments go to digit-listen.

. "$(dirname "$0")/setup.sh"

install_packages libportaudio2
make_environment
.venv/bin/pip install --quiet .

if [ $# -eq 0 ] && ! .venv/bin/digit-listen --list-devices >/dev/null 2>&1; then
    say "no microphone here: listening to the bundled recording of synthesised digits"
    set -- --demo
fi
exec .venv/bin/digit-listen "$@"
