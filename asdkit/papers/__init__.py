"""The published tables of the five papers, and the reader's own numbers beside them."""

from .beside import compare
from .listed import listed
from .published import missing, table, tables

__all__ = ["compare", "listed", "missing", "table", "tables"]
