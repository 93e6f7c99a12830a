"""Members of projects as the API has them."""

from typing import Annotated

from ...contract import Request, Resource, about, named
from ...contract.answers import Utc
from ...domain.policy import Role

_ROLE = named("What the account may do in the project: each role may do what those before it may.", "role")


class Member(Resource):
    """Somebody who works on a project."""

    id: Annotated[str, about("Id of the account.")]
    name: Annotated[str, about("Of the account.")]
    role: Annotated[Role, _ROLE]
    added_at: Utc


class MemberList(Resource):
    """Who works on a project."""

    members: Annotated[list[Member], about("In the order of their names.")]
    names: Annotated[
        dict[str, str],
        about("Names by id of account: of the members, and of others whose deeds the project's events tell."),
    ]


class NewMember(Request):
    """Somebody to have in a project."""

    noun = "The member"

    account: Annotated[str, about("Id of an account, or its whole name.", max_length=1000)]
    role: Annotated[Role, _ROLE]


class NewRole(Request):
    """What a member is to be; or whoever follows a link."""

    role: Annotated[Role, _ROLE]
