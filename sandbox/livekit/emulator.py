"""LiveKit's SIP service, and that of its own phone numbers, as a vendor of the sandbox: from request to response."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from google.protobuf.message import Message

from sandbox.accounts import LIVEKIT
from sandbox.ids import Ids
from sandbox.ledger import Ledger
from sandbox.livekit.access import Gate, TokenError, require_sip_admin
from sandbox.livekit.byhand import ByHand
from sandbox.livekit.number_rpcs import NUMBER_RPCS, NumberRpc, read
from sandbox.livekit.number_rpcs import PREFIX as NUMBERS
from sandbox.livekit.phone_numbers import NumbersByHand, PhoneNumbers
from sandbox.livekit.rpcs import RPCS, Project, Rpc
from sandbox.livekit.twirp import CODE_OF_STATUS, InvalidError, TwirpError
from sandbox.livekit.wire import PROTOBUF, decode, encode, from_json, to_json
from sandbox.request import JSON, Request, Response
from sandbox.store import Store

PREFIX: Final = "/twirp/livekit.SIP/"
DEFAULT_KEYS: Final = {LIVEKIT.api_key: LIVEKIT.api_secret}
PLAIN: Final = {"content-type": "text/plain; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Answer(Response):
    """A response that remembers its message, since protobuf bytes do not name their type."""

    message: Message | None = None


class LiveKit(ByHand):
    """The SIP service of livekit-server 1.13.5, with its ids, conflicts and messages.

    `now` is the store's clock. Tokens are checked by `token_clock`, since clients stamp them by the real time, however
    the sandbox's own time runs. `keys` gives the API secrets by API key.
    """

    name: ClassVar[str] = "livekit"

    def __init__(
        self,
        now: Callable[[], float],
        ids: Ids,
        store: Store | None = None,
        *,
        keys: Mapping[str, str] = DEFAULT_KEYS,
        token_clock: Callable[[], float] = time.time,
        ledger: Ledger | None = None,
        held_elsewhere: Callable[[str, str], bool] = lambda asking, number: False,
    ) -> None:
        self.store = store or Store(now)
        self.project = Project(self.store, ids)
        self._desk = PhoneNumbers(now, ids, self.store, ledger or Ledger(), held_elsewhere, self.project.rules)
        self.numbers = NumbersByHand(self._desk)
        self._gate = Gate(keys, token_clock)

    def owns(self, path: str) -> bool:
        return path.startswith((PREFIX, NUMBERS))

    def is_write(self, request: Request) -> bool:
        rpc = _rpc(request) or _number_rpc(request)
        return rpc is not None and rpc.writes

    def order_late(self, seconds: float) -> None:
        self._desk.unseen_for = seconds

    def holds(self, number: str) -> bool:
        return self._desk.active(number) is not None

    def handle(self, request: Request) -> Response:
        try:
            if request.path.startswith(NUMBERS):
                return Response.of_json(200, self._run_of_numbers(request))
            message = self._run(request)
        except TokenError as error:
            return Response(401, PLAIN, str(error).encode())
        except TwirpError as error:
            return _refusal(error)
        except InvalidError as invalid:
            return _refusal(invalid.on_request())
        body = encode(request.content_type, message)
        return Answer(200, {"content-type": request.content_type}, body, message)

    def failure(self, status: int) -> Response:
        if status == 401:
            return Response(401, PLAIN, b"invalid authorization token")
        return _refusal(
            TwirpError(
                CODE_OF_STATUS.get(status, "unknown"),
                f"the sandbox fails on purpose ({status})",
            )
        )

    def params(self, request: Request) -> Mapping[str, Any]:
        rpc = _rpc(request)
        if _number_rpc(request) is not None:
            return super().params(request)
        if rpc is None or request.content_type not in (JSON, PROTOBUF):
            return dict(request.query)
        try:
            message = decode(request.content_type, request.body, rpc.request)
        except TwirpError:
            return dict(request.query)
        document: Mapping[str, Any] = to_json(message, zeros=False)
        return document

    def rewrite(self, response: Response, change: Callable[[Any], Any]) -> Response:
        if not isinstance(response, Answer) or response.message is None:
            return super().rewrite(response, change)
        changed = from_json(change(to_json(response.message, zeros=False)), type(response.message))
        kind = response.headers["content-type"]
        return Answer(response.status, response.headers, encode(kind, changed), changed)

    def _run_of_numbers(self, request: Request) -> dict[str, Any]:
        """Answer in JSON alone; the real service takes protobuf too."""
        allowed = self._gate.sip_admin(request)
        rpc = _number_rpc(request)
        if request.method != "POST" or rpc is None:
            raise _bad_route(request, f'no handler for path "{request.path}"')
        if request.content_type != JSON:
            raise _bad_route(request, f'unexpected Content-Type: "{request.headers.get("content-type", "")}"')
        given = read(request.body, rpc)
        require_sip_admin(allowed)
        with self.store.transaction():
            return rpc.run(self._desk, given)

    def _run(self, request: Request) -> Message:
        allowed = self._gate.sip_admin(request)
        if request.method != "POST":
            raise _bad_route(request, f'unsupported method "{request.method}" (only POST is allowed)')
        rpc = _rpc(request)
        if rpc is None:
            raise _bad_route(request, f'no handler for path "{request.path}"')
        if request.content_type not in (JSON, PROTOBUF):
            given = request.headers.get("content-type", "")
            raise _bad_route(request, f'unexpected Content-Type: "{given}"')
        message = decode(request.content_type, request.body, rpc.request)
        require_sip_admin(allowed)
        with self.store.transaction():
            return rpc.run(self.project, message)


def _rpc(request: Request) -> Rpc | None:
    return RPCS.get(request.path.removeprefix(PREFIX))


def _number_rpc(request: Request) -> NumberRpc | None:
    return NUMBER_RPCS.get(request.path.removeprefix(NUMBERS)) if request.path.startswith(NUMBERS) else None


def _bad_route(request: Request, message: str) -> TwirpError:
    return TwirpError(
        "bad_route",
        message,
        {"twirp_invalid_route": f"{request.method} {request.path}"},
    )


def _refusal(error: TwirpError) -> Response:
    return Response(error.status, {"content-type": JSON}, error.body())
