"""How a request reaches the services."""

from flask import current_app

from server.services import Services


def services() -> Services:
    return current_app.extensions["samphire"]
