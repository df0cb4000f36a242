"""The system's libgcrypt, where there is one: the same hash functions, hundreds of times as fast."""

import ctypes
from functools import lru_cache

NAMES = ("libgcrypt.so.20", "libgcrypt.20.dylib")
OLDEST = b"1.8.0"

# gcry_md_algos in gcrypt.h; 308 is GOST R 34.11-94 with the test S-box, which GOST 34.311-95 uses.
GOST_34_311, STREEBOG_256, STREEBOG_512 = 308, 309, 310
SIZES = {GOST_34_311: 32, STREEBOG_256: 32, STREEBOG_512: 64}

# gcry_ctl_cmds: is an algorithm usable (it is not in FIPS mode, where asking for its digest would end the process).
TEST_ALGORITHM, INITIALIZATION_FINISHED = 8, 38


@lru_cache(maxsize=1)
def library() -> ctypes.CDLL | None:
    """The library, ready for use, or None."""
    for name in NAMES:
        try:
            return _prepared(ctypes.CDLL(name))
        except (OSError, AttributeError):
            continue
    return None


def _prepared(found: ctypes.CDLL) -> ctypes.CDLL | None:
    found.gcry_check_version.restype = ctypes.c_char_p
    if found.gcry_check_version(OLDEST) is None:
        return None
    found.gcry_control(INITIALIZATION_FINISHED, 0)
    found.gcry_md_hash_buffer.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t)
    found.gcry_md_hash_buffer.restype = None
    found.gcry_md_algo_info.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    usable = all(found.gcry_md_algo_info(algorithm, TEST_ALGORITHM, None, None) == 0 for algorithm in SIZES)
    return found if usable else None


def digest(algorithm: int, data: bytes) -> bytes | None:
    """The digest, or None where the library is absent."""
    found = library()
    if found is None:
        return None
    into = ctypes.create_string_buffer(SIZES[algorithm])
    found.gcry_md_hash_buffer(algorithm, into, data, len(data))
    return into.raw
