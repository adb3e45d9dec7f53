"""Settings of all tests."""

from hypothesis import settings

# Examples run on busy machines too: no rule here says how long one may take.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
