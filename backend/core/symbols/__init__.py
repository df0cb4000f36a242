"""Two-dimensional and linear symbols: GS1 Data Matrix, QR and GS1-128, made and read by zxing-cpp."""

from .making import Matrix, SymbolRefused, bracketed, data_matrix, gs1_128, qr
from .reading import ImageRefused, Symbol, read_image

__all__ = [
    "ImageRefused",
    "Matrix",
    "Symbol",
    "SymbolRefused",
    "bracketed",
    "data_matrix",
    "gs1_128",
    "qr",
    "read_image",
]
