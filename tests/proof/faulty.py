"""What a server with a seeded fault serves; PROOF_FAULT names the fault."""

import os

from backend.wsgi import app
from tests.proof import faults

__all__ = ["app"]

getattr(faults, os.environ["PROOF_FAULT"])(setattr)
