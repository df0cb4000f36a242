"""A small PDF writer that streams: pages of any number with flat memory, text that can be searched and copied."""

from .font import Face, face
from .writer import Document

__all__ = ["Document", "Face", "face"]
