"""The explorer's pages as files for any web host: nothing answers them but a server of files."""

from __future__ import annotations

from kgtool.site.writing import Advance, WrittenSite, write_site

__all__ = ["Advance", "WrittenSite", "write_site"]
