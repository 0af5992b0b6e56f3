"""What a request looks at: the lines as they are, or as they were `at=` a moment, with the update that left them so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from trunkline.api.endpoint import Call
from trunkline.api.query import ThenQuery
from trunkline.api.reply import Header, Reply
from trunkline.api.served.index import Index
from trunkline.api.served.past import Past
from trunkline.state.publication import UpdateView, rfc3339


class View(Struct, frozen=True, kw_only=True):
    """`lines` to answer from. `shown` is a further member of a JSON answer, from its comma on, and `headers` say the
    same in its head; both are empty where no moment was asked for.
    """

    lines: Index | Past
    shown: bytes = b""
    headers: tuple[Header, ...] = ()

    def headed(self, reply: Reply) -> Reply:
        """Give the answer with the heads."""
        return replace(reply, headers=(*reply.headers, *self.headers)) if self.headers else reply

    def told(self, document: dict[str, Any]) -> Reply:
        """Answer with a JSON object."""
        reply = Reply.json(document)
        body: bytes = reply.body  # type: ignore[assignment]
        return self.headed(replace(reply, body=body[:-1] + self.shown + b"}"))


def now(call: Call) -> View:
    """Look at the lines as they are."""
    return View(lines=call.snapshot.index)


async def view(call: Call) -> View:
    """Look at the lines as the request asks. Raises ApiProblem where they are not on record."""
    query: ThenQuery = call.query
    if query.at is None:
        return now(call)
    past = await call.service.archive.at(call.snapshot, int(query.at.timestamp()), call.caller)
    return View(lines=past, shown=_member(past.update), headers=tuple(_headers(past.update)))


def _member(update: UpdateView | None) -> bytes:
    document = None
    if update is not None:
        document = {
            "update": update.id,
            "ended": rfc3339(update.ended),
            "result": update.result,
            "commit": update.commit,
            "dirty": update.dirty,
        }
    return b',"shown":' + json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _headers(update: UpdateView | None) -> Sequence[Header]:
    if update is None:
        return [(b"trunkline-shown-update", b"none")]
    # A commit is hexadecimal; whatever else stands there cannot break a head.
    commit = "".join(letter for letter in update.commit if letter.isascii() and letter.isalnum())
    return [
        (b"trunkline-shown-update", update.id.encode("ascii", "replace")),
        (b"trunkline-shown-commit", commit.encode()),
    ]
