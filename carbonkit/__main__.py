"""``python -m carbonkit``: the same as the command ``carbonkit``."""

from __future__ import annotations

from carbonkit.cli import main

if __name__ == "__main__":
    main(prog_name="carbonkit")
