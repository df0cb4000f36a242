"""What the WSGI server serves."""

from backend.app import create_app

app = create_app()
