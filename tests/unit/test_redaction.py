"""What is taken out of a vendor's words, and what stays readable."""

from __future__ import annotations

import base64
import html
import json
import quopri
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.redaction import MASK, PART, Redaction
from trunkline.settings import secret_values

SECRET = 'Kä7"/x+Q9 z&Rr_t-2=vB'
REDACTION = Redaction.of((SECRET, "s3cr", ""))
WRITTEN: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "percent in lower case": lambda text: quote(text, safe="").lower(),
    "a form": quote_plus,
    "JSON": lambda text: json.dumps(text),
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False),
    "HTML": html.escape,
    "hexadecimal": lambda text: text.encode().hex(),
    **{
        f"base64 after {before!r}": lambda text, before=before: base64.b64encode(f"{before}{text}:".encode()).decode()  # type: ignore[misc]
        for before in ("", "u", "us")
    },
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "percent, every character": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "code points": lambda text: "".join(f"\\u{ord(mark):04x}" for mark in text),
    "hexadecimal in capitals": lambda text: text.encode().hex().upper(),
    "backwards": lambda text: text[::-1],
    "base64 backwards": lambda text: base64.b64encode(f"us{text}:".encode()).decode()[::-1],
    "lines": lambda text: "\r\n".join(_pieces(text)),
    "lines in JSON": lambda text: json.dumps("\n".join(_pieces(text))),
    "code points in capitals": lambda text: "".join(f"\\u{ord(mark):04X}" for mark in text),
    "bytes as Python shows them": lambda text: repr(text.encode()),
    "base64 in lines": lambda text: "\n ".join(_pieces(base64.b64encode(f"u{text}".encode()).decode())),
}


# In these a row of PART characters has fewer of the secret.
SPREAD: dict[str, Callable[[str], str]] = {
    "code points of HTML in capitals": lambda text: "".join(f"&#x{ord(mark):02X};" for mark in text),
    "capitals": str.upper,
    "hexadecimal with colons": lambda text: text.encode().hex(":"),
    "octal": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "numbers of bytes": lambda text: str(list(text.encode())),
    "quoted lines": lambda text: "\n> ".join(_pieces(text)),
    "lines of MIME": lambda text: "=\r\n".join(_pieces(text)),
    "with nothing seen between": "\u200b".join,
    "JSON of Go": lambda text: json.dumps(text, ensure_ascii=False).replace("&", "\\u0026"),
    "HTML by numbers": lambda text: "".join(mark if mark.isalnum() else f"&#{ord(mark)};" for mark in text),
    "HTML by other names": lambda text: html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&apos;"),
    "hexadecimal in both cases": lambda text: text.encode().hex().replace("7a", "7A").replace("2f", "2F"),
    "hexadecimal numbers": lambda text: ", ".join(f"0x{byte:02X}" for byte in text.encode()),
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "JSON of Go in a URL": lambda text: quote(json.dumps(text).replace("&", "\\u0026")).strip('%2"'),
    "base64 in small letters": lambda text: base64.b64encode(text.encode()).decode().lower(),
}


# A body that was encoded as a whole, with the secret encoded in it already.
BODIES: dict[str, Callable[[str], str]] = {
    "form": lambda text: f"Username=u&Password={quote_plus(text)}&FriendlyName=x",
    "JSON": lambda text: json.dumps({"trunk": {"authPassword": text, "name": "x"}}),
    "basic authentication": lambda text: "Basic " + base64.b64encode(f"AC0123:{text}".encode()).decode(),
}
ENCODED: dict[str, Callable[[bytes], str]] = {
    "base64": lambda body: base64.b64encode(body).decode(),
    "base64 without padding": lambda body: base64.b64encode(body).decode().rstrip("="),
    "base64 for URLs without padding": lambda body: base64.urlsafe_b64encode(body).decode().rstrip("="),
    "base64 in a URL": lambda body: quote(base64.b64encode(body).decode(), safe=""),
    "hexadecimal": bytes.hex,
    "hexadecimal in capitals": lambda body: body.hex().upper(),
}


def _pieces(text: str) -> list[str]:
    """As a server that breaks lines early."""
    return [text[start : start + 5] for start in range(0, len(text), 5)]


def shown_parts(written: str, text: str) -> list[str]:
    """The runs of PART characters of what was written that can still be read, whatever the layout."""
    written, text = (re.sub(r"\\+[nrt]?|\s", "", each) for each in (written, text))
    runs = (written[start : start + PART] for start in range(len(written) - PART + 1))
    return [run for run in runs if run in text]


@pytest.mark.parametrize("form", WRITTEN)
def test_a_secret_is_taken_out_in_every_form_in_which_a_request_carries_it(form: str) -> None:
    written = WRITTEN[form](SECRET)
    text = REDACTION(f"the request had {written} in it")
    assert text.startswith("the request had ") and text.endswith(" in it")
    # The ends of an encoding belong to what stands around the secret too.
    assert len(text) < len("the request had  in it") + 12
    assert shown_parts(written, text) == []


@pytest.mark.parametrize("form", WRITTEN)
@given(start=st.integers(0, 20), length=st.integers(PART + 4, 40))
def test_so_is_a_part_of_it(form: str, start: int, length: int) -> None:
    part = WRITTEN[form](SECRET)[2:][start : start + length]
    assert shown_parts(part[2:-2], REDACTION(f"got {part}")) == []


@pytest.mark.parametrize("form", SPREAD)
def test_a_secret_is_taken_out_whatever_stands_between_its_letters(form: str) -> None:
    text = REDACTION(f"the request had {SPREAD[form](SECRET)} in it")
    assert text.startswith("the request had ") and text.endswith(" in it")
    assert len(text) < len("the request had  in it") + 12


@pytest.mark.parametrize("encoded", ENCODED)
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("secret", [SECRET, "p&q+r/s=t&u?v#w%x", "aB3dE6gH9jK2mN5p"])
def test_so_it_is_in_a_body_that_was_encoded_as_a_whole(secret: str, body: str, encoded: str) -> None:
    left = REDACTION.also((secret,))(ENCODED[encoded](BODIES[body](secret).encode()))
    assert MASK in left
    # The ends of the secret, in each of the encodings, are of what stands around too.
    assert len(left.replace(MASK, "")) <= len(ENCODED[encoded](BODIES[body]("").encode())) + 8


def test_a_secret_of_few_letters_is_taken_out_in_capitals_too() -> None:
    assert Redaction.of(("Ab1!Cd2?Ef",))("got AB1-CD2-EF.") == f"got {MASK}."


def test_a_word_of_a_secret_stays_where_it_is_written_in_another_way() -> None:
    """Else a line that is called like a word of a password would be told of as `***`."""
    words = 'line "uk-office" of trunk Uk Office'
    assert Redaction.of(("canary-uk:office/78+",))(words) == words


@pytest.mark.parametrize("secret", ["s3cr", "a.*b", "(x|y", "p[0-", "li\nne", "7 c h a", "$5\\d+^"])
def test_a_short_secret_goes_as_a_whole(secret: str) -> None:
    redaction = Redaction.of((secret,))
    for form in ("plain", "JSON", "percent", "HTML", "a form", "hexadecimal", "base64 after ''", "base64 after 'us'"):
        written = WRITTEN[form](secret)
        left = redaction(f"is <{written}> right?").removeprefix("is <").removesuffix("> right?")
        # The ends of base64 are of what stands around too.
        assert MASK in left and len(left.replace(MASK, "")) <= 7, form


@pytest.mark.parametrize("secret", ["12", "614", "5512"])
def test_a_short_secret_of_digits_goes_wherever_it_stands_and_not_out_of_a_number_or_an_id(secret: str) -> None:
    ids = (
        '+16505512614 is "ST_a12b614c5512" and "SDR_5512614abcde", code 2161455123,'
        " PNab5a0db0c5512000000000000000614001, 0a12614b-5512-4abc-8def-551261412abc"
    )
    redaction = Redaction.of((secret,))
    assert redaction(ids) == ids
    shown = ("is {}.", "is '{}' or", "a:{}@b", "p={}&x", "u{}", "{}u", "livekit{}", "x_{}")
    escaped = ("\\n{}\\n", "p%3D{}%26x", "%20{}")
    assert [redaction(text.format(secret)) for text in shown] == [text.format(MASK) for text in shown]
    assert [redaction(text.format(secret)) for text in escaped] == [text.format(MASK) for text in escaped]


@pytest.mark.parametrize("secret", ["12", "614", "5512"])
@pytest.mark.parametrize(
    "text", ["00{}", "pin 9{}0", "{}9", "SIP00{}", "PIN_{}00", "+16000000000{}0000", "PNab5a{}", "a-{}0-b"]
)
def test_glued_to_what_is_no_number_and_no_id_it_goes(secret: str, text: str) -> None:
    assert Redaction.of((secret,))(text.format(secret)) == text.format(MASK)


@pytest.mark.parametrize("secret", ["55126147", "505551234567"])
@pytest.mark.parametrize(
    "text", ["{}", "+1{}", "00{}9", "u{}", "ST_a{}bcde", "PN{}00000000000000000000abcd", "0a12614b-5512-{}"]
)
def test_a_secret_of_eight_digits_or_more_goes_wherever_it_stands(secret: str, text: str) -> None:
    assert secret[:8] not in Redaction.of((secret,))(text.format(secret))
    assert Redaction.of((secret,))(text.format(secret)) == text.format(MASK)


def test_a_short_secret_goes_alone_and_an_empty_one_is_none() -> None:
    assert REDACTION("is s3cr right?") == f"is {MASK} right?"
    assert Redaction.of(("",))("as it was") == "as it was"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Authorization: Basic QUMxMjM0NTY3ODphYmNk", "Authorization: Basic ***"),
        ("bearer abcDEF123.x-y_z is wrong", "bearer *** is wrong"),
        ("{'X-Api-Key': 'abc'}", "{'X-Api-Key': ***"),
        ("Username=u&Password=hunter2+x&a=b", "Username=u&Password=***&a=b"),
        ('{"password": "hunter 2"}', '{"password": "***"}'),
        ('{\\"authToken\\": \\"hunter\\"}', '{\\"authToken\\": \\"***\\"}'),
        ("invalid token 0123456789abcdef0123456789abcdef.", "invalid token ***."),
        ("key kJ8aXq2Lm0PzR5vTn7YwB3cDf6GhE9sUo1Ii4Vx0", "key ***"),
        ("via http://user:word@proxy.example:3128/x", "via http://***@proxy.example:3128/x"),
    ],
)
def test_what_looks_like_a_secret_goes_though_nobody_knows_it(words: str, shown: str) -> None:
    assert Redaction()(words) == shown


def test_a_token_goes_also_where_it_was_cut_off() -> None:
    token = jwt.encode({"iss": "APIx", "sip": {"admin": True}}, "k" * 40, "HS256")
    for length in (12, 40, len(token) - 5, len(token)):
        assert Redaction()(f"invalid token: {token[:length]}, error: expired") == "invalid token: ***, error: expired"


@pytest.mark.parametrize(
    "words",
    [
        "Invalid Password: must have 12 characters or more",
        "Basic Authentication is required, or a bearer token",
        "invalid token, error: token has invalid claims: token is not valid yet",
        "The requested resource /2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/X.json was not found",
        "Conflicting inbound SIP Trunks: 'ST_aaaaaaaaaaaa' and 'ST_bbbbbbbbbbbb'",
        "+16505551234 is not available. See https://www.twilio.com/docs/errors/21422",
        "PNab5a0db0c5000000000000000000000001 belongs to secret-santa-and-other-long-names-of-a-line-2026",
    ],
)
def test_what_an_operator_needs_stays(words: str) -> None:
    assert REDACTION(words) == words


def test_nothing_shows_what_is_known() -> None:
    assert SECRET not in repr(REDACTION) + str(REDACTION)


def test_what_counts_as_secret_is_each_credential_and_each_name_that_is_not_known_to_be_plain() -> None:
    config = {
        "trunkline:ukOfficePassword": "office",
        "trunkline:vonageApiSecret": "vonage",
        "trunkline:vonageApiKey": "a key",
        "trunkline:twilioSipUsername": "livekit",
        "trunkline:fleet": "acme",
        "trunkline:twilioBaseUrl": "http://127.0.0.1:1",
        "aws:region": "eu-west-1",
    }
    environment = {"TWILIO_AUTH_TOKEN": "token", "TWILIO_ACCOUNT_SID": "AC1", "LIVEKIT_API_SECRET": ""}
    assert secret_values(environment, config) == {"office", "vonage", "token"}
