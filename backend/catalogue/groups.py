"""Product groups."""

from flask import Flask


def init(app: Flask) -> None:
    app.extensions["groups"] = {}
