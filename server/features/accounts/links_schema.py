"""Links that nobody has followed yet, as the API has them."""

from typing import Annotated, Literal

from ...contract import Resource, about
from ...contract.answers import Utc
from ...domain.policy import Role


class OpenLink(Resource):
    """A link that works still; its secret is known only to who made it, and whom they sent it to."""

    id: Annotated[str, about("Its id, which leads nowhere.")]
    purpose: Annotated[
        Literal["new", "password"], about("new: to make an account; password: to give one a new password.")
    ]
    name: Annotated[str | None, about("Of the account that gets a password.")]
    is_admin: Annotated[bool, about("Whether the account that it makes is an administrator's.")]
    project_id: Annotated[str | None, about("Id of the project that it leads into.")]
    project: Annotated[str | None, about("Name of that project.")]
    role: Annotated[Role | None, about("What whoever follows it becomes in the project.")]
    invited_by: Annotated[
        str | None, about("Name of whoever made it; null: a command on the server's machine.")
    ]
    created_at: Utc
    expires_at: Annotated[Utc, about("Until when it works.")]


class OpenLinkList(Resource):
    """Links that nobody has followed yet."""

    links: Annotated[list[OpenLink], about("The newest first.")]
