"""A client of the bus between LiveKit's server and its SIP service: asks the server what becomes of a call.

The SIP service is not needed for that: of each call it asks the server which rule answers it, by
`EvaluateSIPDispatchRules` of `rpc/io.proto` (livekit/protocol 1.50.5), over Redis by psrpc 0.7.2: a request, the
server's claim of it, our consent, the answer. Trunks and rules are put where the server keeps them, since its own API
would refuse some of them beside each other.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

from google.protobuf.message import Message

TRUNKS, RULES = "sip_inbound_trunk", "sip_dispatch_rule"
_METHOD = "IOInfo|EvaluateSIPDispatchRules"
_CLIENT = "CLI_trunkline"
_SECONDS = 60
_RESULTS = {1: "ACCEPT", 2: "REQUEST_PIN", 3: "REJECT", 4: "DROP"}
Value = str | bytes | int
Fields = Mapping[int, list[bytes | int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The server's answer: `result` is ACCEPT | REQUEST_PIN | DROP | …, or ERROR with the text of it."""

    result: str
    trunk: str = ""
    rule: str = ""
    error: str = ""


class Redis:
    """A connection to Redis that speaks as little of its protocol as is needed."""

    def __init__(self, connection: socket.socket) -> None:
        self._stream = connection.makefile("rwb")

    def ask(self, *words: str | bytes) -> object:
        """Send a command and give its answer."""
        parts = [word.encode() if isinstance(word, str) else word for word in words]
        self._stream.write(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
        self._stream.flush()
        return self.answer()

    def answer(self) -> object:
        """Wait for what comes next."""
        line = self._stream.readline().rstrip(b"\r\n")
        kind, rest = line[:1], line[1:]
        if kind == b"*":
            return [self.answer() for _ in range(int(rest))]
        if kind == b"$":
            return self._stream.read(int(rest) + 2)[:-2] if rest != b"-1" else None
        assert kind in (b"+", b":"), line
        return rest


class Bus:
    """Fills the server's store, and asks it as its SIP service does."""

    def __init__(self, commands: Redis, messages: Redis) -> None:
        self._commands, self._messages = commands, messages
        self._count = 0
        for channel in ("RES", "CLAIM"):
            messages.ask("SUBSCRIBE", f"IOInfo|{_CLIENT}|{channel}")

    def store(self, key: str, objects: Iterable[tuple[str, Message]]) -> None:
        """Replace all trunks, or all rules, by these, by id."""
        self._commands.ask("DEL", key)
        for id, message in objects:
            self._commands.ask("HSET", key, id, message.SerializeToString())

    def evaluate(self, *, called: str, caller: str, host: str, source: str, pin: str) -> Evaluation:
        """Ask what becomes of a call. As the SIP service does, numbers are sent twice: rules read the former fields."""
        call = encoded({2: source, 4: encoded({1: caller, 2: host}), 5: encoded({1: called})})
        self._count += 1
        request_id, now = f"REQ_{self._count}", time.time_ns()
        expiry = now + _SECONDS * 10**9
        request: dict[int, Value] = {
            1: request_id,
            2: _CLIENT,
            3: now,
            4: expiry,
            8: encoded({2: caller, 3: called, 5: pin, 12: call}),
        }
        self._publish(f"{_METHOD}|REQ", "Request", request)
        claim = self._awaited(request_id)
        self._publish(f"{_METHOD}|RCLAIM", "ClaimResponse", {1: request_id, 2: _first(claim, 2)})
        answer = self._awaited(request_id)
        if error := _text(answer, 5):
            return Evaluation("ERROR", error=error)
        response = decoded(_bytes(answer, 7))
        result = _first(response, 6)
        assert isinstance(result, int), answer
        return Evaluation(_RESULTS[result], trunk=_text(response, 9), rule=_text(response, 10))

    def _publish(self, channel: str, name: str, fields: Mapping[int, Value]) -> None:
        message = encoded({1: f"type.googleapis.com/internal.{name}", 2: encoded(fields)})
        self._commands.ask("PUBLISH", channel, message)

    def _awaited(self, request_id: str) -> Fields:
        while True:
            message = self._messages.answer()
            assert isinstance(message, list), message
            fields = decoded(_bytes(decoded(message[2]), 2))
            if _text(fields, 1) == request_id:
                return fields


@contextmanager
def connected(address: str) -> Iterator[Bus]:
    """Give a bus on the Redis at host:port."""
    host, _, port = address.partition(":")
    with (
        closing(socket.create_connection((host, int(port)), _SECONDS)) as commands,
        closing(socket.create_connection((host, int(port)), _SECONDS)) as messages,
    ):
        yield Bus(Redis(commands), Redis(messages))


def encoded(fields: Mapping[int, Value]) -> bytes:
    """Write a protobuf message of texts, messages (as bytes) and whole numbers; an empty text is left out."""
    return b"".join(_field(number, value) for number, value in fields.items() if value != "")


def decoded(data: bytes) -> Fields:
    """Read a protobuf message: the values of each field; fixed-width ones are passed over."""
    fields: dict[int, list[bytes | int]] = {}
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        if key & 7 == 0:
            number, place = _varint(data, place)
            fields.setdefault(key >> 3, []).append(number)
        elif key & 7 == 2:
            length, place = _varint(data, place)
            fields.setdefault(key >> 3, []).append(data[place : place + length])
            place += length
        else:
            place += 8 if key & 7 == 1 else 4
    return fields


def _field(number: int, value: Value) -> bytes:
    if isinstance(value, int):
        return _written(number << 3) + _written(value)
    data = value.encode() if isinstance(value, str) else value
    return _written(number << 3 | 2) + _written(len(data)) + data


def _written(number: int) -> bytes:
    low = bytearray()
    while number > 127:
        low.append(number & 127 | 128)
        number >>= 7
    return bytes([*low, number])


def _varint(data: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[place]
        number |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return number, place


def _first(fields: Fields, number: int) -> bytes | int:
    return fields.get(number, [b""])[0]


def _bytes(fields: Fields, number: int) -> bytes:
    value = _first(fields, number)
    assert isinstance(value, bytes), fields
    return value


def _text(fields: Fields, number: int) -> str:
    return _bytes(fields, number).decode()
