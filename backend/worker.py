"""What the job consumer runs: `huey_consumer backend.worker.huey`. Making the app registers every job."""

from backend.app import create_app

app = create_app()
huey = app.extensions["huey"]
