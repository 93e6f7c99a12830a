"""Identities at the provider, as the API has them."""

from typing import Annotated

from ....contract import Resource, about
from ....contract.answers import Utc


class Identity(Resource):
    """Somebody at the sign-in provider, whose account this is here."""

    id: Annotated[str, about("Its id.")]
    issuer: Annotated[str, about("Address of the provider.")]
    name: Annotated[str, about("As the provider calls them; may be empty.")]
    created_at: Utc
    used_at: Annotated[Utc | None, about("When it last signed in; null: never.")]


class IdentityList(Resource):
    """Identities that sign in to an account."""

    identities: Annotated[list[Identity], about("The oldest first.")]


class ProviderAddress(Resource):
    """Where to go on."""

    address: Annotated[str, about("At the sign-in provider; the browser that asked must open it.")]
