"""Labels."""

from backend.core.api import Api

api = Api("labels")
