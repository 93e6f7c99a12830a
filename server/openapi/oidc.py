"""The addresses of signing in with an OpenID Connect provider, but for the two that are pages."""

from .operation import Operation, in_path, json_answer, json_body

_PATH = "/api/account/identities"
_GOES_ON = "The answer sets a cookie for ten minutes. 404 on a server without a provider, as all of these."

OIDC_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "post",
        "/api/invitations/provider",
        "acceptWithProvider",
        "Follow a link by signing in with the provider, with a new account or one that does so already.",
        {200: json_answer("ProviderAddress", "Where to go on.")},
        (400, 404, 409, 413),
        description=f"{_GOES_ON} 429 follows many failures, 503 a provider that cannot be reached.",
        body=json_body("InvitationSecret", {"secret": "pJ0fKq..."}),
    ),
    Operation(
        "get",
        _PATH,
        "listIdentities",
        "The identities at the provider that sign in to the account.",
        {200: json_answer("IdentityList", "All of them.")},
        (404,),
    ),
    Operation(
        "post",
        _PATH,
        "linkIdentity",
        "Have the account signed in to with the provider, too.",
        {200: json_answer("ProviderAddress", "Where to go on.")},
        (404,),
        description=f"{_GOES_ON} 503 follows a provider that cannot be reached.",
    ),
    Operation(
        "delete",
        f"{_PATH}/{{identity_id}}",
        "removeIdentity",
        "Have an identity sign in no more; not the only way there is.",
        {204: {"description": "Removed."}},
        (404, 409),
        parameters=(in_path("identity_id", "Id of an identity."),),
    ),
)
