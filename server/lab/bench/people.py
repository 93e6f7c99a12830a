"""Accounts on a server that is not started yet, each with an API token, as programs of people have them."""

from pathlib import Path

from ...app import build_services
from ...config import Settings
from ...domain.policy import Actor
from ...runtime.queue.eager import EagerQueue


def make_people(data: Path, names: list[str], database: str = "", admin: bool = True) -> list[str]:
    """Accounts of these names in the data folder, or the database, administrators unless `admin` says otherwise; their
    tokens, in the same order."""
    services = build_services(Settings(data=str(data), database=database), EagerQueue)
    try:
        accounts = [services.administration.create({"name": name, "is_admin": admin}) for name in names]
        asked = {"name": "bench", "scope": "manage", "days": 1}
        return [
            services.api_tokens.create(Actor("account", each.id, each.name), asked).secret
            for each in accounts
        ]
    finally:
        services.close()
