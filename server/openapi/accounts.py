"""The addresses of accounts: one's own, invitations, and those that administrators manage."""

from .operation import Json, Operation, in_path, json_answer, json_body

_OWN, _ALL, _LINKS = "/api/account", "/api/accounts", "/api/invitations"
_PASSWORD, _SECRET = "correct horse battery", "pJ0fKq..."
_ACCOUNT = in_path("account_id", "Id of an account.")
_NOTHING: Json = {"description": "Done."}
_SIGNED_IN = {200: json_answer("Visitor", "Signed in; the answer sets the cookie.")}
_NEED = "Answered with 404 by a server that has no accounts, as all of these are but GET /api/account."

_OPERATIONS_OF_ONE: tuple[Operation, ...] = (
    Operation(
        "get",
        _OWN,
        "getAccount",
        "Whom the server takes the sender for.",
        {200: json_answer("Visitor", "Who asks.")},
    ),
    Operation(
        "patch",
        _OWN,
        "changeAccount",
        "Another name.",
        {200: json_answer("Account", "As it is now.")},
        (400, 404, 409, 413, 507),
        body=json_body("AccountChange", {"name": "Ann"}),
    ),
    Operation(
        "post",
        f"{_OWN}/sign-in",
        "signIn",
        "Sign in with a name and a password.",
        _SIGNED_IN,
        (400, 404, 413, 507),
        description=f"{_NEED} 429 with Retry-After follows many failures.",
        body=json_body("Credentials", {"name": "Ann", "password": _PASSWORD}),
    ),
    Operation(
        "post",
        f"{_OWN}/sign-out",
        "signOut",
        "End this sign-in, or all of the account.",
        {204: _NOTHING},
        (400, 404, 413),
        body=json_body("SignOut", {"everywhere": False}),
    ),
    Operation(
        "post",
        f"{_OWN}/password",
        "changePassword",
        "Another password; all other sign-ins end.",
        _SIGNED_IN,
        (400, 404, 413, 507),
        body=json_body("PasswordChange", {"current": _PASSWORD, "new": f"{_PASSWORD} staple"}),
    ),
    Operation(
        "get",
        f"{_OWN}/sign-ins",
        "listSignIns",
        "The browsers that are signed in.",
        {200: json_answer("SignInList", "All of them.")},
        (404,),
    ),
    Operation(
        "delete",
        f"{_OWN}/sign-ins/{{sign_in_id}}",
        "endSignIn",
        "Sign one browser out.",
        {204: _NOTHING},
        (404,),
        parameters=(in_path("sign_in_id", "Id of a sign-in."),),
    ),
    Operation(
        "get",
        f"{_OWN}/tokens",
        "listTokens",
        "The API tokens of the account.",
        {200: json_answer("ApiTokenList", "All that have not expired.")},
        (404,),
    ),
    Operation(
        "post",
        f"{_OWN}/tokens",
        "createToken",
        "Make an API token.",
        {201: json_answer("MadeApiToken", "With its secret, this once.")},
        (400, 404, 409, 413, 507),
        body=json_body("NewApiToken", {"name": "nightly export", "scope": "read", "days": 90}),
    ),
    Operation(
        "delete",
        f"{_OWN}/tokens/{{token_id}}",
        "deleteToken",
        "Delete an API token, which stops working.",
        {204: _NOTHING},
        (404,),
        parameters=(in_path("token_id", "Id of an API token."),),
    ),
)
_OPERATIONS_OF_LINKS: tuple[Operation, ...] = (
    Operation(
        "post",
        _LINKS,
        "invite",
        "Make a link that makes an account.",
        {201: json_answer("InvitationLink", "The link, this once.")},
        (400, 404, 413, 507),
        body=json_body("NewInvitation", {"is_admin": False}),
    ),
    Operation(
        "post",
        f"{_LINKS}/open",
        "openInvitation",
        "What a link is for.",
        {200: json_answer("OpenedInvitation", "It works.")},
        (400, 404, 413),
        body=json_body("InvitationSecret", {"secret": _SECRET}),
    ),
    Operation(
        "post",
        f"{_LINKS}/accept",
        "acceptInvitation",
        "Make the account that a link is for, or give it its password, and sign in.",
        _SIGNED_IN,
        (400, 404, 409, 413, 507),
        body=json_body("Acceptance", {"secret": _SECRET, "name": "Ann", "password": _PASSWORD}),
    ),
    Operation(
        "post",
        f"{_LINKS}/join",
        "joinProject",
        "Follow a link into a project with the account that is signed in.",
        {200: json_answer("JoinedProject", "Joined.")},
        (400, 404, 409, 413, 507),
        body=json_body("InvitationSecret", {"secret": _SECRET}),
    ),
)
_OPERATIONS_OF_ADMINISTRATORS: tuple[Operation, ...] = (
    Operation(
        "get",
        _ALL,
        "listAccounts",
        "The accounts of this server.",
        {200: json_answer("AccountList", "All of them, disabled ones included.")},
        (404,),
    ),
    Operation(
        "post",
        _ALL,
        "createAccount",
        "Make an account; without a password, a link gives it one.",
        {201: json_answer("AccountSummary", "Made.")},
        (400, 404, 409, 413, 507),
        body=json_body("NewAccount", {"name": "Bob", "is_admin": False}),
    ),
    Operation(
        "patch",
        f"{_ALL}/{{account_id}}",
        "changeRights",
        "Make an account an administrator's, or no longer.",
        {200: json_answer("AccountSummary", "As it is now.")},
        (400, 404, 409, 413, 507),
        parameters=(_ACCOUNT,),
        body=json_body("AccountRights", {"is_admin": True}),
    ),
    Operation(
        "post",
        f"{_ALL}/{{account_id}}/disable",
        "disableAccount",
        "Let nobody use an account; what it did keeps its name.",
        {200: json_answer("AccountSummary", "As it is now.")},
        (404, 409),
        parameters=(_ACCOUNT,),
    ),
    Operation(
        "post",
        f"{_ALL}/{{account_id}}/enable",
        "enableAccount",
        "Let an account be used again.",
        {200: json_answer("AccountSummary", "As it is now.")},
        (404, 507),
        parameters=(_ACCOUNT,),
    ),
    Operation(
        "post",
        f"{_ALL}/{{account_id}}/reset",
        "resetPassword",
        "Make a link that gives an account a new password.",
        {201: json_answer("InvitationLink", "The link, this once.")},
        (404, 409, 507),
        parameters=(_ACCOUNT,),
    ),
)
ACCOUNT_OPERATIONS: tuple[Operation, ...] = (
    *_OPERATIONS_OF_ONE,
    *_OPERATIONS_OF_LINKS,
    *_OPERATIONS_OF_ADMINISTRATORS,
)
