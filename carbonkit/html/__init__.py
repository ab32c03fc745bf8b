"""The audit as one page that needs no network: for a browser, a phone or a printer."""

from __future__ import annotations

from carbonkit.html.page import audit_page

__all__ = ["audit_page"]
