"""The command line: ``carbonkit verify``."""

from __future__ import annotations

from carbonkit.cli.main import main

__all__ = ["main"]
