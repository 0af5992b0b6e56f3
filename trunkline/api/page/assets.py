"""Serves the page's files: few, small, public, and the same for everyone, since none of them holds data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from trunkline.api.endpoint import ALLOWED, route_path
from trunkline.api.reply import Reply, etag, matches

_FOLDER = Path(__file__).parent / "static"
_SHELL = "index.html"
_MEDIA: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

# Scripts and styles are files of this server, data comes from this server, and no text can become markup or a script.
# A form posts nowhere: should the scripts fail to load, a key that is typed in leaves the page by no way.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file: the path that it is served under, its content, its media type, and a strong validator."""

    path: str
    body: bytes
    media: str
    etag: bytes

    @classmethod
    def of(cls, name: str, body: bytes) -> Asset:
        """Give the asset of a file. The shell is `/`, every other file stands below `/page/`."""
        media = _MEDIA[Path(name).suffix]
        path = "/" if name == _SHELL else f"/page/{name}"
        return cls(path=path, body=body, media=media, etag=etag(path, body.decode()))


class Page(BaseRoute):
    """The route of every asset, for GET, HEAD and OPTIONS; other methods are left to whoever refuses writes."""

    def __init__(self, assets: Iterable[Asset]) -> None:
        self.assets = {asset.path: asset for asset in assets}

    @classmethod
    def load(cls) -> Page:
        """Read the files of the installed package, once."""
        return cls(Asset.of(file.name, file.read_bytes()) for file in sorted(_FOLDER.iterdir()))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        ours = scope["type"] == "http" and route_path(scope) in self.assets
        if ours and scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return Match.FULL, {}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        asset = self.assets[route_path(scope)]
        scope["state"]["route"] = asset.path
        reply = _reply(asset, scope["method"], dict(scope["headers"]).get(b"if-none-match", b""))
        await reply.send(send, (), body=scope["method"] != "HEAD")

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        raise NoMatchFound(name, path_params)


def _reply(asset: Asset, method: str, if_none_match: bytes) -> Reply:
    if method == "OPTIONS":
        return Reply(status=204, media="", headers=((b"allow", ALLOWED.encode()),))
    # Asked for again at each visit, one small answer a file, so that a new release is never half an old one.
    headers = ((b"etag", asset.etag), (b"cache-control", b"no-cache"), (b"content-security-policy", POLICY.encode()))
    if matches(if_none_match, asset.etag):
        return Reply(status=304, media="", headers=headers)
    return Reply(body=asset.body, media=asset.media, headers=headers)
