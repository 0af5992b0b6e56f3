"""An error that repeats what the vendor got, as some do: LiveKit's own server with the token, proxies with everything.

Pure: a response and a request give the response with the echo in its words.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Mapping
from typing import Literal, get_args
from urllib.parse import quote

from sandbox.request import JSON, Request, Response, dump

Form = Literal[
    "plain",
    "base64",
    "unpadded",
    "percent",
    "json",
    "html",
    "part",
    "tail",
    "middle",
    "hex",
    "capital hex",
    "backwards",
    "lines",
]
FORMS: tuple[Form, ...] = get_args(Form)
# The fields of the vendors' envelopes that hold words; codes stay as they are.
WORDS = frozenset({"message", "detail", "title", "error-code-label", "msg"})

_WRITTEN: Mapping[Form, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "unpadded": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "percent": lambda text: quote(text, safe=""),
    "json": lambda text: json.dumps({"got": text}),
    "html": html.escape,
    "hex": lambda text: text.encode().hex(),
    "capital hex": lambda text: text.encode().hex().upper(),
    "backwards": lambda text: text[::-1],
    "lines": lambda text: "\n".join(text[start : start + 9] for start in range(0, len(text), 9)),
    # As servers that shorten what they repeat.
    "part": lambda text: f"{text[: len(text) * 2 // 3]}...",
    "tail": lambda text: f"...{text[len(text) // 3 :]}",
    "middle": lambda text: f"{text[: len(text) // 3]}...{text[len(text) // 2 :]}",
}


def echoed(response: Response, request: Request, form: Form) -> Response:
    """Give the response with each secret-bearing header of the request, its query and its body in its words.

    The shortest come first, so that nobody has to read far to find them.
    """
    got = [request.headers.get("authorization", ""), *_user(request), request.body.decode(errors="replace")]
    words = " ".join(_WRITTEN[form](each) for each in got if each)
    if not response.headers.get("content-type", "").startswith(JSON):
        return Response(response.status, response.headers, response.body + f", got: {words}".encode())
    body = json.loads(response.body)
    told = {name: f"got {words}: {value}" if name in WORDS else value for name, value in body.items()}
    return Response(response.status, response.headers, dump(told))


def _user(request: Request) -> list[str]:
    """Give user and password of basic authentication, decoded as a careless server logs them."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return []
    try:
        return [base64.b64decode(value).decode()]
    except ValueError:
        return []
