"""Fixtures for the HTTP tests: a client for raw requests."""

from typing import Any

import httpx

from tests.street import Answer, SignedIn

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"


class Door:
    """It is a client that sends requests of any shape to `/graphql`, with or without an access token."""

    def __init__(self, client: httpx.AsyncClient, token: str | None) -> None:
        self._client = client
        self.token = token

    @classmethod
    def of(cls, client: httpx.AsyncClient, person: SignedIn) -> "Door":
        """Return a client that sends this person's access token."""
        return cls(client, person.token)

    async def request(self, method: str, url: str = "/graphql", **sent: Any) -> Answer:
        """Send any request; the given headers are added to the access token's."""
        headers = [*dict(sent.pop("headers", {})).items()]
        if self.token is not None:
            headers.append(("authorization", f"Bearer {self.token}"))
        response = await self._client.request(method, url, headers=headers, **sent)
        body = response.json() if response.content else {}
        return Answer(response.status_code, body, response.headers)

    async def post(self, body: Any, **headers: str | bytes) -> Answer:
        """POST a body with the newer media type: bytes as they are, anything else as JSON."""
        kind: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        given: dict[str, str | bytes] = {"accept": GRAPHQL_JSON, "content-type": JSON}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.request("POST", headers=given, **kind)
