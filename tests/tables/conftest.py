"""Tables made for the tests stand in a module beside them."""

from __future__ import annotations

import sys
from pathlib import Path

# The tests run with import-mode=importlib, which puts no folder on the path.
sys.path.insert(0, str(Path(__file__).parent))
