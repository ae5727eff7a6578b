"""`.venv/bin/python -m tests.reliability` writes docs/reliability.md."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

if __name__ == "__main__":
    from reliability.page import PAGE, page

    PAGE.write_text(page(), encoding="utf-8")
