"""Holds what the server answers beside `/graphql` to its OpenAPI document."""

import json
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import httpx
from jsonschema import Draft202012Validator

from api.published import OPENAPI

_FORM = "application/x-www-form-urlencoded"


@cache
def document() -> dict[str, Any]:
    """Return the document."""
    return json.loads(OPENAPI.read_bytes())


class Undocumented(AssertionError):
    """It is raised where the server answered something that the document does not say."""


def is_described(path: str) -> bool:
    """Return whether a path is one that the document speaks of."""
    return path.startswith(("/auth/", "/files/", "/votes/")) or path in {"/uploads", "/scrutiny"}


def check(request: httpx.Request, response: httpx.Response) -> None:
    """Raise Undocumented unless the document says that this may be answered to that."""
    found = _operation(request.url.path, request.method)
    if found is None:
        _hold(response.status_code in {404, 405}, f"{request.method} {request.url.path}", response)
        return
    _hold(str(response.status_code) in found["responses"], "its status", response)
    said = _resolved(found["responses"][str(response.status_code)])
    for name, header in said.get("headers", {}).items():
        if name in response.headers:
            _validate(header["schema"], response.headers[name], response)
        else:
            _hold(not header.get("required"), f"no {name}", response)
    media = response.headers.get("content-type", "").partition(";")[0]
    _hold(media in said.get("content", {"": {}}), f"its type {media}", response)
    if request.method == "HEAD":
        return
    if media.endswith("json"):
        _validate(said["content"][media]["schema"], response.json(), response)
    if response.is_success and "requestBody" in found:
        _check_sent(found["requestBody"]["content"], request, response)


def _check_sent(
    described: dict[str, Any], request: httpx.Request, response: httpx.Response
) -> None:
    """What was taken is what the document says may be sent."""
    media = request.headers["content-type"].partition(";")[0]
    _hold(media in described, f"what was sent, {media}", response)
    if media == "application/json":
        _validate(described[media]["schema"], json.loads(request.content), response)
    elif media == _FORM:
        _validate(described[media]["schema"], dict(parse_qsl(request.content.decode())), response)


def _operation(path: str, method: str) -> dict[str, Any] | None:
    method = "get" if method == "HEAD" else method.lower()
    for template, operations in document()["paths"].items():
        pattern = re.sub(r"\\\{path\\\}", ".+", re.escape(template))
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", pattern), path):
            return operations.get(method)
    return None


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = document()
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def _validate(schema: dict[str, Any], value: Any, response: httpx.Response) -> None:
    whole = {**schema, "components": document()["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    faults = list(Draft202012Validator(whole, format_checker=checker).iter_errors(value))
    _hold(not faults, "; ".join(fault.message for fault in faults), response)


def _hold(is_so: bool, what: str, response: httpx.Response) -> None:
    if not is_so:
        raise Undocumented(
            f"api/openapi.json lacks: {what}\n{response.status_code}, {response.text}"
        )


class Held(httpx.ASGITransport):
    """Calls the application in process, and holds each answer to the document."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or raise Undocumented."""
        response = await super().handle_async_request(request)
        if is_described(request.url.path):
            await response.aread()
            if isinstance(request.stream, httpx.SyncByteStream):
                request.read()
            check(request, response)
        return response
