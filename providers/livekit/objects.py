"""The adapter of LiveKit's objects, once for all kinds: a kind is its table of fields and its RPCs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from google.protobuf.message import Message
from livekit.api.sip_service import SipService
from livekit.protocol.models import Pagination

from providers.livekit.connection import Client
from providers.livekit.convert import Fields, amend, overlay, to_props
from providers.livekit.limits import PAGE_SIZE
from providers.livekit.refusals import Request
from providers.port import Observed, Props
from trunkline.errors import Reason, Rejected
from trunkline.model.tag import notes, without_notes

Info = TypeVar("Info", bound=Message)
Answer = Coroutine[Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Info]):
    """One kind of LiveKit's objects.

    `name` is ours, `noun` LiveKit's, which its RPCs are called after. `id_field` and `tag_field` name fields of the
    message. `options` are the fields that are written only where the file names them. `also` reads what `Observed.also`
    has. The other functions hand their arguments to the SDK.
    """

    name: str
    noun: str
    info: type[Info]
    fields: Fields
    options: Fields
    id_field: str
    tag_field: str
    secret: tuple[str, ...]
    deletes: str
    page: Callable[[SipService, Pagination], Answer]
    find: Callable[[SipService, str], Answer]
    create: Callable[[SipService, Info], Answer]
    replace: Callable[[SipService, str, Info], Answer]
    delete: Callable[[SipService, str], Answer]
    also: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)


class Objects(Generic[Info]):
    """The `Adapter` of one kind."""

    scope_field = ""
    replaces: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    most: int = 0

    def __init__(self, kind: Kind[Info], client: Client) -> None:
        self.kind, self.secret = kind.name, kind.secret
        self._kind, self._client = kind, client
        self._every: Fields = {**kind.fields, **kind.options}

    def list(self, scope: str = "") -> Sequence[Observed]:
        """Give every object, sorted by id.

        A self-hosted server gives all in one answer, LiveKit Cloud may give pages of a length of its own: only a page
        that brings nothing new is the end.
        """
        found: dict[str, Observed] = {}
        while True:
            page = self._page(after=max(found, default=""))
            new = {seen.id: seen for seen in page if seen.id and seen.id not in found}
            if not new:
                return [found[id] for id in sorted(found)]
            found |= new

    def get(self, id: str, scope: str = "") -> Observed | None:
        """Look one object up by a listing of its id alone; an absent one is left out of it or leaves a hole."""
        reply = self._client.call(Request(f"List{self._kind.noun}", id), lambda sip: self._kind.find(sip, id))
        return next((seen for seen in map(self._observed, reply.items) if seen.id == id), None)

    def create(self, desired: Props) -> Observed:
        """Create the object with its tag."""
        info = overlay(self._every, self._kind.info(), desired)
        request = Request(f"Create{self._kind.noun}", secret=self._secret(desired), write=True)
        return self._written(request, self._client.call(request, lambda sip: self._kind.create(sip, info)))

    def update(self, current: Observed, desired: Props) -> Observed:
        """Replace the object by `current.raw` with our fields as desired; LiveKit keeps the id."""
        info = amend(self._every, current.raw, desired)
        request = Request(f"Update{self._kind.noun}", current.id, self._secret(desired), write=True)
        return self._written(request, self._client.call(request, lambda sip: self._kind.replace(sip, current.id, info)))

    def delete(self, id: str, scope: str = "") -> None:
        """Delete the object; LiveKit says 404 for an absent rule, 200 for an absent trunk."""
        try:
            self._client.call(Request(self._kind.deletes, id, write=True), lambda sip: self._kind.delete(sip, id))
        except Rejected as error:
            if error.reason is not Reason.NOT_FOUND:
                raise

    def _page(self, after: str) -> Iterator[Observed]:
        page = Pagination(after_id=after, limit=PAGE_SIZE)
        reply = self._client.call(Request(f"List{self._kind.noun}"), lambda sip: self._kind.page(sip, page))
        return map(self._observed, reply.items)

    def _observed(self, info: Info) -> Observed:
        text = getattr(info, self._kind.tag_field)
        tag = without_notes(text)
        return Observed(
            id=getattr(info, self._kind.id_field),
            tag=tag,
            notes=notes(text),
            props={**to_props(self._kind.fields, info), "tag": tag},
            optional=to_props(self._kind.options, info),
            raw=info,
            also={name: read(info) for name, read in self._kind.also.items()},
        )

    def _written(self, request: Request, info: Info) -> Observed:
        """An empty body is valid protobuf: without an id, the reply says nothing."""
        written = self._observed(info)
        if not written.id or request.id not in ("", written.id):
            raise request.lost("the answer does not name the object", status=200)
        return written

    def _secret(self, desired: Props) -> str:
        return next((desired[name] for name in self.secret if name in desired), "")
