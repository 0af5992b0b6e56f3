"""A vendor that repeats all it got in each of its errors: no secret of the request is read in what we make of it."""

from __future__ import annotations

import html
import json
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import jwt
import pytest

from sandbox.credentials import LIVEKIT, TWILIO, VONAGE
from sandbox.echo import FORMS, Form
from sandbox.faults import Fault
from sandbox.request import Request
from sandbox.world import Sandbox
from tests.contract.carriers import NUMBERS, SIP_PASSWORD, World
from tests.contract.test_carriers_trunks import make_case
from tests.contract.test_livekit_numbers import NUMBER as LIVEKITS_NUMBER
from tests.contract.test_livekit_numbers import World as NumbersWorld
from tests.engine.canaries import leaks
from tests.support.livekit_target import DESIRED, PASSWORD, in_process
from tests.support.sandbox_livekit_session import SandboxSession
from trunkline.errors import VendorError
from trunkline.redaction import Redaction

SECRETS: Mapping[str, str] = {
    "Twilio's token": TWILIO.auth_token,
    "Vonage's secret": VONAGE.api_secret,
    "LiveKit's secret": LIVEKIT.api_secret,
    "a SIP password at Twilio": SIP_PASSWORD,
    "a SIP password at LiveKit": PASSWORD,
}
STATUSES = (200, 400, 401, 403, 404, 409, 420, 422, 429, 500, 503)
Act = Callable[[], Any]


def acts() -> Iterator[tuple[str, Sandbox, Act]]:
    """A read and a write of each vendor, those with a password among them."""
    case, world = make_case("Credential"), World()
    yield "twilio", case.world.sandbox, lambda: case.adapter.create(case.desired)
    desired = {"vonage": world.desired("vonage"), "twilio": world.desired("twilio")}
    for name in ("twilio", "vonage"):
        yield name, world.sandbox, world.carrier(name).owned
        yield name, world.sandbox, lambda name=name: world.carrier(name).buy(NUMBERS[name], desired[name])  # type: ignore[misc]
    sandbox = Sandbox()
    target = in_process(sandbox)
    livekit = type(target)(target.settings, Overheard(sandbox)).connect().adapters
    for kind in ("InboundTrunk", "OutboundTrunk", "DispatchRule"):
        yield "livekit", sandbox, livekit[kind].list
        yield "livekit", sandbox, lambda kind=kind: livekit[kind].create(DESIRED[kind])  # type: ignore[misc]
    service = OverheardService()
    yield "livekit", service.sandbox, service.carrier.owned
    yield "livekit", service.sandbox, lambda: service.carrier.buy(LIVEKITS_NUMBER, service.desired)


def told(act: Act) -> str:
    """All that can be read of an error: its words, its fields, and the way through the code with its causes."""
    try:
        act()
    except VendorError as error:
        return "".join(traceback.format_exception(error)) + repr(vars(error))
    return ""


@pytest.mark.parametrize("form", FORMS)
def test_no_secret_is_read_in_the_error_of_a_vendor_that_repeats_all_it_got(form: Form) -> None:
    texts = {}
    for number, (vendor, sandbox, act) in enumerate(acts()):
        for status in STATUSES:
            sandbox.faults.add(Fault("echo", vendor=vendor, status=status, echo=form, times=None))
            texts[f"{vendor} {number} {status}"] = told(act)
            sandbox.faults.clear()
    assert sum("got" in text for text in texts.values()) > len(texts) / 3
    read = {f"{place} {way}": text for place, told in texts.items() for way, text in readings(told).items()}
    assert [place for place, text in read.items() if re.search(r"eyJ\w|Canary-9|canary-5", text)] == []
    assert leaks({place: text.encode() for place, text in read.items()}, SECRETS) == []
    sent = parts(Overheard.tokens)
    assert [place for place, text in read.items() if sent & pieces(text)] == []


def test_a_secret_of_digits_goes_also_where_an_answer_has_it_as_a_number() -> None:
    world = World()
    world.policy = replace(world.policy, redaction=Redaction.of(("884477661",)))
    world.fault("status", vendor="twilio", status=400, body='{"code": 884477661, "message": [884477661, 20404]}')
    words = told(world.connect("twilio").carrier.owned)
    assert "8844" not in words and "20404" in words


STRAY = "Stray-Password/9\n" + 9000 * "x"


@pytest.mark.parametrize("name", ["twilio", "vonage", "livekit", "the service of LiveKit's numbers"])
def test_what_a_vendor_gives_as_a_code_is_no_code_where_it_is_none_of_its_codes(name: str) -> None:
    world, service, sandbox = World(), NumbersWorld(), Sandbox()
    asked: Mapping[str, tuple[Sandbox, Act, Mapping[str, str]]] = {
        "twilio": (world.sandbox, world.carrier("twilio").owned, {"code": STRAY, "message": "no"}),
        "vonage": (world.sandbox, world.carrier("vonage").owned, {"error-code": STRAY, "error-code-label": "no"}),
        "livekit": (sandbox, in_process(sandbox).connect().adapters["DispatchRule"].list, {"code": STRAY, "msg": "no"}),
        "the service of LiveKit's numbers": (service.sandbox, service.carrier.owned, {"code": STRAY, "msg": "no"}),
    }
    there, act, body = asked[name]
    there.faults.add(Fault("status", status=400, body=json.dumps(body)))
    with pytest.raises(VendorError) as caught:
        act()
    assert vars(caught.value)["code"] == ""
    assert len(str(caught.value)) < 800


def readings(text: str) -> Mapping[str, str]:
    """A text as it stands, and as somebody reads it who knows how it was written."""
    dense = re.sub(r"\\+n|\s", "", text)
    decoded = " ".join(
        bytes.fromhex(each).decode(errors="replace") for each in re.findall(r"(?i)(?:[0-9a-f]{2}){12,}", dense)
    )
    named = html.unescape(text)
    return {"plain": text, "in one line": dense, "backwards": dense[::-1], "of bytes": decoded, "of HTML": named}


def parts(tokens: Iterable[str]) -> frozenset[str]:
    """What tokens have in common with no other text: their claims and signatures, in pieces."""
    said = ("".join(token.split(".")[1:]) for token in tokens)
    return frozenset().union(*map(pieces, said))


def pieces(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 12] for at in range(len(text) - 11))


class Overheard(SandboxSession):
    """Notes the tokens that are sent, of all sessions."""

    tokens: ClassVar[list[str]] = []

    def post(self, url: str, **request: Any) -> Any:
        self.tokens.append(request["headers"]["authorization"].removeprefix("Bearer "))
        return super().post(url, **request)


class OverheardService(NumbersWorld):
    """The same, of the service that sells LiveKit's numbers."""

    def handle(self, request: Request) -> Any:
        Overheard.tokens.append(request.headers["authorization"].removeprefix("Bearer "))
        return super().handle(request)


def test_a_token_for_livekit_lives_minutes_and_suits_a_clock_that_runs_behind_ours() -> None:
    sandbox = Sandbox()
    session = Overheard(sandbox)
    target = in_process(sandbox)
    adapters = type(target)(target.settings, session).connect().adapters
    adapters["DispatchRule"].list()
    claims = jwt.decode(session.tokens[-1], LIVEKIT.api_secret, algorithms=["HS256"])
    assert (claims["exp"] - claims["nbf"], claims["iss"], claims["sip"]["admin"]) == (900, LIVEKIT.api_key, True)


def test_each_request_to_livekit_is_signed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox, signed, sign = Sandbox(), list[str](), jwt.encode

    def noted(*args: Any, **words: Any) -> str:
        signed.append(sign(*args, **words))
        return signed[-1]

    session, target = Overheard(sandbox), in_process(sandbox)
    adapters = type(target)(target.settings, session).connect().adapters
    monkeypatch.setattr(jwt, "encode", noted)
    monkeypatch.setattr(session, "tokens", [])
    adapters["DispatchRule"].list()
    adapters["InboundTrunk"].list()

    assert len(signed) == 2
    assert session.tokens == signed


def test_a_runner_whose_clock_runs_four_minutes_ahead_is_let_in() -> None:
    sandbox = Sandbox()
    sandbox.livekit._gate._clock = behind(sandbox.livekit._gate._clock, 240)
    assert list(in_process(sandbox).connect().adapters["DispatchRule"].list()) == []


def behind(clock: Callable[[], float], seconds: float) -> Callable[[], float]:
    return lambda: clock() - seconds
