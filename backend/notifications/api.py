"""The inbox, the choices of what is told how, and webhooks."""

from backend.core.api import Api

api = Api("notifications")
