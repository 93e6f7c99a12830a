"""The addresses of projects' members, and of share links."""

from .operation import Operation, in_path, json_answer, json_body
from .project_operations import PROJECT

_PATH = "/api/projects/{project_id}/members"
_MEMBER = in_path("account_id", "Id of the member's account.")
_ROLES = (
    "Nobody gives or takes a role above their own, and the last owner stays. Answered with 404 by a server that has no "
    "accounts, as all of these are."
)
_LINKS = "/api/projects/{project_id}/links"
_NEED_ACCOUNTS = "Answered with 404 by a server that has no accounts, as all of these are."

MEMBER_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        _PATH,
        "listMembers",
        "Who works on a project.",
        {200: json_answer("MemberList", "All of them.")},
        (404,),
        parameters=(PROJECT,),
    ),
    Operation(
        "post",
        _PATH,
        "addMember",
        "Have somebody in the project who has an account.",
        {201: json_answer("Member", "Added.")},
        (400, 404, 409, 413, 507),
        description=_ROLES,
        parameters=(PROJECT,),
        body=json_body("NewMember", {"account": "Ann", "role": "annotator"}),
    ),
    Operation(
        "patch",
        f"{_PATH}/{{account_id}}",
        "changeMember",
        "Give a member another role.",
        {200: json_answer("Member", "As it is now.")},
        (400, 404, 409, 413, 507),
        description=_ROLES,
        parameters=(PROJECT, _MEMBER),
        body=json_body("NewRole", {"role": "reviewer"}),
    ),
    Operation(
        "delete",
        f"{_PATH}/{{account_id}}",
        "removeMember",
        "Remove a member; everybody may leave.",
        {204: {"description": "Removed."}},
        (404, 409),
        description=_ROLES,
        parameters=(PROJECT, _MEMBER),
    ),
    Operation(
        "post",
        "/api/projects/{project_id}/invitations",
        "inviteToProject",
        "A link that leads somebody into the project, with a new account or with theirs.",
        {201: json_answer("InvitationLink", "Works once.")},
        (400, 404, 413, 507),
        description=_ROLES,
        parameters=(PROJECT,),
        body=json_body("NewRole", {"role": "annotator"}),
    ),
    Operation(
        "get",
        "/api/projects/{project_id}/invitations",
        "listProjectLinks",
        "The links into the project that nobody has followed yet.",
        {200: json_answer("OpenLinkList", "All that work.")},
        (404,),
        parameters=(PROJECT,),
    ),
    Operation(
        "delete",
        "/api/projects/{project_id}/invitations/{link_id}",
        "revokeProjectLink",
        "Have a link into the project stop working.",
        {204: {"description": "It works no more."}},
        (404,),
        description="Not one that gives a role above one's own.",
        parameters=(PROJECT, in_path("link_id", "Id of a link, which is not its secret.")),
    ),
)
LINK_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        _LINKS,
        "listShareLinks",
        "The share links of a project.",
        {200: json_answer("LinkList", "All of them.")},
        (404,),
        description=_NEED_ACCOUNTS,
        parameters=(PROJECT,),
    ),
    Operation(
        "post",
        _LINKS,
        "makeShareLink",
        "A share link of a project, or of one image of it.",
        {201: json_answer("MadeLink", "The only answer with its secret.")},
        (400, 404, 409, 413, 507),
        description=_NEED_ACCOUNTS,
        parameters=(PROJECT,),
        body=json_body("NewLink", {"kind": "try", "days": 7, "name": "For the workshop"}),
    ),
    Operation(
        "delete",
        f"{_LINKS}/{{share_id}}",
        "revokeShareLink",
        "Have a share link stop working; visits by it end.",
        {204: {"description": "It works no more."}},
        (404,),
        description=_NEED_ACCOUNTS,
        parameters=(PROJECT, in_path("share_id", "Id of a share link, which is not its secret.")),
    ),
    Operation(
        "post",
        "/api/links/open",
        "openShareLink",
        "Follow a share link: its page does.",
        {200: json_answer("OpenedLink", "Where it leads; the answer sets the cookie of a visit.")},
        (400, 404, 409, 413, 507),
        description=f"{_NEED_ACCOUNTS} 403 without its password; 409 where too many visitors have sandboxes; 429 with "
        "Retry-After follows many failures.",
        body=json_body("LinkToOpen", {"token": "pJ0fKq...", "name": "Ana"}),
    ),
    Operation(
        "post",
        "/api/links/leave",
        "leaveVisit",
        "End this browser's visit.",
        {204: {"description": "It visits nothing any more."}},
        (404,),
    ),
)
