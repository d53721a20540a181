"""The published tables of the five papers, and the reader's own numbers beside them."""

from .beside import compare
from .leads import leads
from .listed import listed
from .published import missing, table, tables

__all__ = ["compare", "leads", "listed", "missing", "table", "tables"]
