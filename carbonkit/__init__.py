"""carbonkit: unit-aware carbon accounting that recomputes a report's numbers."""

from __future__ import annotations

__version__ = "0.1.0"
