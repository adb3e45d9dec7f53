#!/bin/sh
# Sets everything up and runs all tests. Arguments go to pytest.

. "$(dirname "$0")/setup.sh"

# The tests listen through PulseAudio, which plays the microphone.
install_packages libportaudio2 libasound2-plugins pulseaudio pulseaudio-utils
make_environment
.venv/bin/pip install --quiet --editable '.[dev]'

exec .venv/bin/python -m pytest "$@"
