"""Signing with a phone: sessions that a browser opens and eGov Mobile serves."""

from backend.core.api import Api

api = Api("signatures")
