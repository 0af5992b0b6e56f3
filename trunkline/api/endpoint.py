"""An endpoint as data, and the one way in which all of them are answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from trunkline.api import query as queries
from trunkline.api import reply as replies
from trunkline.api.auth.principal import Principal, Role
from trunkline.api.problem import ApiProblem
from trunkline.api.proxies import address_of
from trunkline.api.query import Query
from trunkline.api.reply import JSON, Header, Reply
from trunkline.api.served.feed import Feed, Snapshot
from trunkline.api.served.together import Together, Whole
from trunkline.api.service import Service

ALLOWED = "GET, HEAD, OPTIONS"
_KEEP = (b"cache-control", b"private, no-cache")
_DROP = (b"cache-control", b"no-store")
_VARY = (b"vary", b"Accept, Accept-Encoding, Authorization, Cookie, X-API-Key")


class Call(Struct, frozen=True, kw_only=True):
    """One request, as an endpoint sees it. `snapshot` is the one version that it answers from, `whole` that of several
    stacks, and `feed` and `stacks` are where they come from: each endpoint is of a server of the one sort or the other.
    """

    service: Service
    principal: Principal
    query: Any
    path: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    query_string: str
    _seen: Snapshot | Whole | None

    @property
    def snapshot(self) -> Snapshot:
        return cast(Snapshot, self._version())

    @property
    def whole(self) -> Whole:
        return cast(Whole, self._version())

    @property
    def feed(self) -> Feed:
        return cast(Feed, self.service.feed)

    @property
    def stacks(self) -> Together:
        return cast(Together, self.service.feed)

    @property
    def version(self) -> str:
        return self._version().version

    def _version(self) -> Snapshot | Whole:
        if self._seen is None:
            raise ApiProblem("not-ready", "no version of the stack could be read yet", headers={"retry-after": "2"})
        return self._seen

    @property
    def caller(self) -> str:
        """Who asks, for what each may do only so often."""
        return f"{self.principal.via}:{self.principal.name}"


Answer = Callable[[Call], Reply | Awaitable[Reply]]
Refusal = Callable[[Scope, Receive, Snapshot | Whole | None], Awaitable[ApiProblem]]
Lost = Callable[[str], ApiProblem]
NOBODY = Principal(name="", role=Role.VIEWER, via="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """`role` is the least that may read it, None means everyone. `fresh` answers are never kept by a client.
    What `grows` is not of the version alone: its validator is that of the body.

    A `probe` is asked by machines all day long; that it was read is no news for an auditor. `problems` are the codes
    that it answers with besides those that every endpoint has.
    """

    path: str
    summary: str
    answer: Answer
    role: Role | None
    query: type[Query] = Query
    response: type[BaseModel] | None = None
    media: tuple[str, ...] = (JSON,)
    fresh: bool = False
    grows: bool = False
    probe: bool = False
    problems: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)


def route_path(scope: Scope) -> str:
    """Give the path of a request below where its server is mounted, as its routes name it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


class Door:
    """The ASGI application of one endpoint: who, which method, may they, what exactly, answer.

    `refusal` gives the problem that answers a write.
    """

    def __init__(self, endpoint: Endpoint, service: Service, refusal: Refusal) -> None:
        self._endpoint, self._service, self._refusal = endpoint, service, refusal
        self._no_query = endpoint.query() if _all_optional(endpoint.query) else None
        self._noted = {"route": endpoint.path, "endpoint": endpoint}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["state"]
        state |= self._noted
        accepts = state["headers"].get(b"accept-encoding")
        reply = await self._reply(scope, receive, accepts is not None and replies.takes_gzip(accepts))
        await reply.send(send, (), body=scope["method"] != "HEAD")

    async def _reply(self, scope: Scope, receive: Receive, packs: bool) -> Reply:
        endpoint, service, method = self._endpoint, self._service, scope["method"]
        if method == "OPTIONS":
            return Reply(status=204, media="", headers=((b"allow", ALLOWED.encode()),))
        principal = NOBODY if endpoint.role is None else await identify(scope, service)
        if method not in ("GET", "HEAD"):
            raise await self._refusal(scope, receive, service.feed.snapshot)
        if endpoint.role is not None and not principal.role.includes(endpoint.role):
            raise ApiProblem("forbidden", f"this needs the role {endpoint.role}; yours is {principal.role}")
        call = self._call(scope, principal)
        answer = endpoint.answer(call)
        reply = answer if isinstance(answer, Reply) else await answer
        done = self._fresh(reply) if endpoint.fresh else self._kept(reply, call, scope, packs)
        return done.packed() if packs and done.status == 200 else done

    def _call(self, scope: Scope, principal: Principal) -> Call:
        raw = scope["query_string"]
        query = self._no_query
        if raw or query is None:
            query = scope["state"]["query"] = queries.parse(self._endpoint.query, raw)
        return Call(
            service=self._service,
            principal=principal,
            query=query,
            path=scope["path_params"],
            headers=scope["state"]["headers"],
            query_string=raw.decode("latin-1"),
            _seen=self._service.feed.snapshot,
        )

    def _fresh(self, reply: Reply) -> Reply:
        return replace(reply, headers=(*reply.headers, _DROP, _VARY))

    def _kept(self, reply: Reply, call: Call, scope: Scope, packs: bool) -> Reply:
        # A strong validator is of the bytes that are sent.
        version, form = call.version, f"{reply.media} gzip" if packs else reply.media
        if self._endpoint.grows and isinstance(reply.body, bytes):
            validator = replies.digest(reply.body, form)
        else:
            common = (version, self._service.build, call.principal.role, form)
            validator = replies.etag_of(common, scope["path"], call.query_string)
        headers: tuple[Header, ...] = (
            *reply.headers,
            (b"etag", validator),
            _KEEP,
            _VARY,
            (b"trunkline-version", version.encode()),
        )
        known = call.headers.get(b"if-none-match")
        if known is not None and replies.matches(known, validator):
            return Reply(status=304, media="", headers=headers)
        return Reply(body=reply.body, media=reply.media, status=reply.status, headers=headers)


async def identify(scope: Scope, service: Service) -> Principal:
    """Find out who asks, and note it for the log. Raises ApiProblem."""
    principal = await service.auth.authenticate(scope["headers"], address_of(scope.get("client")))
    scope["state"]["principal"] = principal
    return principal


def no_endpoint(path: str) -> ApiProblem:
    """Give the problem of a path that nothing has."""
    return ApiProblem("not-found", "no endpoint has this path; see /openapi.json")


class NoEndpoint:
    """Answers where no endpoint is: a write of the API that this one replaces gets its edit, all else 404.

    `lost` gives the 404 of a path.
    """

    def __init__(self, service: Service, refusal: Refusal, lost: Lost) -> None:
        self._service, self._refusal, self._lost = service, refusal, lost

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            await identify(scope, self._service)
            raise await self._refusal(scope, receive, self._service.feed.snapshot)
        raise self._lost(route_path(scope))


def _all_optional(model: type[Query]) -> bool:
    return not any(field.is_required() for field in model.model_fields.values())
