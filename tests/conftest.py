"""Settings for all tests."""

import os

from hypothesis import settings

# A run of continuous integration tries the same examples each time; elsewhere new ones are drawn.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("draw", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "draw")
