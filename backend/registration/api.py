"""Applications to take part: made, signed, confirmed, judged."""

from backend.core.api import Api

api = Api("registration")
