"""What is told to whoever watches."""

from typing import Any, NamedTuple


class News(NamedTuple):
    """`event`: as the browser knows it, for example "annotation:changed". `image_id`: None for news of a whole project;
    `project_id`: None for news of a picture, whatever projects it is in. `account_id`: whose alone it is to know.
    `audience`: as that of the event. `managers`: it goes only to managers of the project who watch it."""

    event: str
    project_id: str | None
    image_id: str | None
    message: dict[str, Any]
    account_id: str | None = None
    audience: str | None = None
    managers: bool = False
