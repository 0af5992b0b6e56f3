"""How the page's files are served, and what none of them may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.serving import Fixed, client, serve
from tests.page import scene
from trunkline.api import create_app
from trunkline.api import page as package
from trunkline.api.auth.principal import Role
from trunkline.api.page.assets import POLICY
from trunkline.api.page.assets import Page as PageRoute

STATIC = Path(package.__file__).parent / "static"
FILES = sorted(file.name for file in STATIC.iterdir())
# Whatever turns text into markup or code, and every address of another host but the name that SVG goes by.
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|srcdoc|javascript:"
    r"|https?://(?!www\.w3\.org/2000/svg)|@import|\bimport\("
)
INLINE = re.compile(r"<script>|<style|\son[a-z]+=|\sstyle=", re.IGNORECASE)


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of nobody, since the page's files need no credential."""
    with (
        serve(
            create_app(Fixed(scene.NOW), credentials.auth(tmp_path_factory.mktemp("keys")), routes=[PageRoute.load()])
        ) as url,
        client(url, None) as it,
    ):
        yield it


def path_of(name: str) -> str:
    return "/" if name == "index.html" else f"/page/{name}"


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_served_whole_to_everyone_under_the_strict_policy(name: str, asking: httpx.Client) -> None:
    answer = asking.get(path_of(name))

    assert answer.content == (STATIC / name).read_bytes()
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"
    kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    assert answer.headers["content-type"].partition(";")[0] == kinds[Path(name).suffix]


def test_the_policy_lets_in_this_server_alone() -> None:
    assert dict(part.strip().split(" ", 1) for part in POLICY.split(";")) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_a_known_file_is_not_sent_again(asking: httpx.Client) -> None:
    first = asking.get("/page/main.js")

    again = asking.get("/page/main.js", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert asking.get("/", headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_head_and_options_are_answered_without_a_body(asking: httpx.Client) -> None:
    head, options = asking.head("/"), asking.options("/")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str((STATIC / "index.html").stat().st_size)
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_page_takes_no_writes(method: str, asking: httpx.Client) -> None:
    assert asking.request(method, "/").status_code == 401
    answer = asking.request(method, "/", headers={"x-api-key": credentials.KEYS[Role.ADMIN]})
    assert (answer.status_code, answer.json()["type"]) == (405, "urn:trunkline:problem:read-only")


@pytest.mark.parametrize(
    "path", ["/page", "/page/", "/page/none.js", "/page/assets.py", "/index.html", "/page/index.html"]
)
def test_nothing_else_is_served_beside_the_files(path: str, asking: httpx.Client) -> None:
    assert asking.get(path).status_code == 404


@pytest.mark.parametrize("name", FILES)
def test_no_file_makes_markup_from_text_or_names_another_host(name: str) -> None:
    text = (STATIC / name).read_text("utf-8")

    assert SINKS.findall(text) == []
    assert name != "index.html" or INLINE.findall(text) == []
    assert len(text.splitlines()) <= 300
