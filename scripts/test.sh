#!/bin/sh
# Sets everything up and runs all tests. Arguments go to pytest.

. "$(dirname "$0")/setup.sh"

# The tests listen through PulseAudio, which plays the microphone, and start units with systemd.
install_packages libportaudio2 libasound2-plugins pulseaudio pulseaudio-utils systemd
make_environment
.venv/bin/pip install --quiet --editable '.[dev]'

exec .venv/bin/python -m pytest "$@"
