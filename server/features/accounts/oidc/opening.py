"""What the settings say of a provider, as what signs people in with it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ....config import Settings
from ....errors import InvalidSetting
from ....storage.engine import Database
from ..limits import ALONE, Limits
from ..service import Accounts

if TYPE_CHECKING:
    from .service import Identities

SECRET_VARIABLE = "SAMPHIRE_OIDC_CLIENT_SECRET"  # of the environment: others see what a command line says


def open_identities(
    settings: Settings,
    db: Database,
    accounts: Accounts,
    limits: Limits = ALONE,
    environ: Mapping[str, str] = os.environ,
) -> "Identities | None":
    """None without a provider. Raises InvalidSetting."""
    if not settings.oidc_issuer or not settings.is_team:
        return None
    if not settings.oidc_client_id:
        raise InvalidSetting("--oidc-issuer needs --oidc-client-id.", hint="The provider gives it.")
    secret = _secret(settings, environ)
    try:
        from .provider import Provider  # knows packages that only this needs
        from .service import Identities
    except ModuleNotFoundError as error:
        raise InvalidSetting(
            f"--oidc-issuer needs the package {error.name}.", hint='Install it: pip install "samphire[oidc]"'
        ) from None
    provider = Provider(settings.oidc_issuer, settings.oidc_client_id, secret)
    return Identities(db, accounts, provider, settings.oidc_accounts == "anybody", limits)


def name_of_provider(settings: Settings) -> str:
    """As people read it."""
    return settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""


def _secret(settings: Settings, environ: Mapping[str, str]) -> str:
    """ "" for a client that has none. Raises InvalidSetting."""
    if not settings.oidc_secret_file:
        return environ.get(SECRET_VARIABLE, "").strip()
    try:
        return Path(settings.oidc_secret_file).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise InvalidSetting(f"--oidc-secret-file cannot be read: {why}.") from None
