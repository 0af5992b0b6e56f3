"""The emulator and a real livekit-server, asked the same at random, answer the same, word for word."""

from __future__ import annotations

import json
from itertools import islice
from random import Random

import pytest

from sandbox import Sandbox, SandboxServer
from sandbox.credentials import LIVEKIT
from sandbox.ids import Ids as IdSource
from tests.livekit.client import Answer, Client, Document, Encoding, Post, over_http, token
from tests.livekit.differences import DIFFERENCES, Difference
from tests.livekit.sequences import Ids, calls

pytestmark = pytest.mark.real_livekit
SEEDS = range(12)
CALLS = 120


class EchoedIds(IdSource):
    """Gives the ids that the real server chose, since the order of ids decides what conflicts are found first."""

    def __init__(self) -> None:
        super().__init__()
        self.next = ""

    def short(self, prefix: str, length: int = 12) -> str:
        return self.next or super().short(prefix, length)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_calls_get_the_same_answers(real: Post, seed: int, encoding: Encoding) -> None:
    sandbox, echoed = Sandbox(), EchoedIds()
    sandbox.livekit.project.ids = echoed
    ids = Ids()
    asked: list[tuple[str, Document]] = []
    credential = token(LIVEKIT.api_key, LIVEKIT.api_secret)
    theirs = Client(real, credential, encoding)
    theirs.empty()
    with SandboxServer(sandbox) as server, over_http(server.url) as emulator:
        ours = Client(emulator, credential, encoding)
        for rpc, request in islice(calls(Random(seed), ids), CALLS):
            asked.append((rpc, request))
            expected = theirs.call(rpc, request)
            echoed.next = _created(rpc, expected)

            assert ours.call(rpc, request) == expected, json.dumps(asked, indent=1)

            if echoed.next:
                ids.created(rpc, echoed.next)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.what)
def test_a_known_difference_is_still_there(real: Post, emulator: Post, difference: Difference) -> None:
    credential = token(LIVEKIT.api_key, LIVEKIT.api_secret)
    clients = [Client(post, credential) for post in (real, emulator)]
    for client in clients:
        client.empty()

    answers = [client.send(difference.rpc, difference.body) for client in clients]

    assert [answer.status for answer in answers] == [difference.real, difference.emulator]
    if difference.shown:
        field, *values = difference.shown
        assert [json.loads(answer.body).get(field) for answer in answers] == values


def _created(rpc: str, answer: Answer) -> str:
    if not rpc.startswith("Create") or not isinstance(answer, dict):
        return ""
    return str(answer.get("sip_trunk_id") or answer["sip_dispatch_rule_id"])
