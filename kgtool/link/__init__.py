"""Work with links to other datasets: check them, and fetch what the others know."""

from __future__ import annotations
