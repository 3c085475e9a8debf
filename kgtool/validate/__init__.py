"""Whether a graph is right: shapes, checks, source and spelling, in one report that cannot be good by accident."""

from __future__ import annotations

from kgtool.validate.files import validate_files
from kgtool.validate.project import validate_project

__all__ = ["validate_files", "validate_project"]
