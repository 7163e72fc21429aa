"""Properties are judged by their answer, never by the clock: the machine is shared."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
