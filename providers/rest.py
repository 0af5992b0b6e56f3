"""One request to a vendor's REST API, over `requests`: sent, judged, and repeated only as the policy allows.

Both carriers' SDKs sit on top of this, so that neither sees an error, a broken body or a chance to repeat a write.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.exceptions import SSLError as TlsError

from providers.authentication import Authentication
from providers.calls import ConnectionNotMade, Policy
from providers.timed import TimedAdapter
from trunkline.debug import Exchange, request_id
from trunkline.errors import MalformedReply, Throttled, Unavailable, UnknownOutcome, VendorError
from trunkline.redaction import MASK, Redaction, named_secrets

DETAIL_LENGTH = 300
"""Characters of a vendor's words that an error repeats; a proxy may answer with a page."""

TEXT_LENGTH = 20_000
"""Characters of a text that are looked at for secrets; the rest is never shown."""

_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
Body = Mapping[str, Any]


class Dialect(Protocol):
    """How one vendor says things: the part of an answer that HTTP leaves open."""

    vendor: str

    def label(self, method: str, path: str) -> str:
        """Give the request as errors name it, without the account and without a secret."""
        ...

    def status(self, status: int, body: Body) -> int:
        """Give the status that an answer means: some vendors send an error with HTTP 200."""
        ...

    def refusal(self, request: str, status: int, body: Body) -> VendorError:
        """Give the error for a 4xx answer in the vendor's own format."""
        ...

    def flaw(self, request: str, query: Mapping[str, Any], body: Body) -> str:
        """Say what makes a 2xx answer unusable, "" where nothing does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A usable answer. `body` is {} where none is due (204)."""

    status: int
    body: Body
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    label: str
    method: str
    url: str
    query: Mapping[str, Any]
    form: Body | None = field(repr=False)
    document: Body | None = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    reads: bool


class Rest:
    """The sending side of one vendor's account; safe in several threads, each of which has its own connections.

    `authentication` proves whose the requests are: `basic`, `bearer`, or a vendor's own signature. `transport` replaces
    the network (tests, simulations); None means connections of our own, without repetition.
    """

    def __init__(
        self, dialect: Dialect, policy: Policy, authentication: Authentication, transport: BaseAdapter | None = None
    ) -> None:
        self._dialect, self._policy, self._transport = dialect, policy, transport
        self._authentication = authentication
        self._redaction = policy.redaction.also(authentication.secrets)
        self._threads = threading.local()

    def send(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, Any] | None = None,
        form: Body | None = None,
        document: Body | None = None,
        headers: Mapping[str, str] | None = None,
        reads: bool | None = None,
    ) -> Answer:
        """Give the vendor's usable answer, a JSON object. Raises a VendorError for everything else.

        What is sent is a `form`, or a JSON `document`.
        A GET is a read, all else a write unless `reads` says it, with the repetitions of `Policy.read` and
        `Policy.write`. Redirects are not followed: they would send a write twice and credentials elsewhere.
        """
        label, reads = self.label(method, url), method == "GET" if reads is None else reads
        sent: dict[str, Any] = {"form": form, "document": document, "headers": headers or {}}
        question = _Question(label=label, method=method, url=url, query=query or {}, reads=reads, **sent)
        repeat = self._policy.read if question.reads else self._policy.write
        try:
            return repeat(lambda seconds: self._once(question, seconds))
        except ConnectionNotMade as error:
            raise self._unreached(question, str(error)) from None
        except Unavailable as error:
            if error.status is None or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            # An answer came every time, and it was never the vendor's own.
            raise self.malformed(label, error.detail, status=error.status, reads=question.reads) from None

    def label(self, method: str, url: str) -> str:
        """Give a request as errors name it."""
        return self._dialect.label(method, urlsplit(url).path)

    def malformed(
        self, label: str, detail: str, *, status: int | None = None, reads: bool | None = None
    ) -> VendorError:
        """Give the error for an answer that the vendor does not document; a write's outcome is then open."""
        detail = shown(self._redaction(detail))
        if label.startswith("GET ") if reads is None else reads:
            fix = "Check the vendor's status page and any proxy on the way, then run again."
            return MalformedReply(self._dialect.vendor, label, detail, status=status, fix=fix)
        return UnknownOutcome(self._dialect.vendor, label, detail, status=status)

    def _once(self, question: _Question, seconds: float) -> Answer:
        started, proof = self._policy.monotonic(), self._authentication.of_one_request()
        try:
            response = self._session(question.url).request(
                question.method,
                question.url,
                params=question.query,
                data=question.form,
                json=question.document,
                headers=dict(question.headers),
                auth=proof,
                timeout=seconds,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            self._note(question, started, lost=type(error).__name__)
            reason = _never_sent(error)
            if reason:
                raise ConnectionNotMade(reason) from None
            raise self._unanswered(question, _transport_words(error, seconds)) from None
        self._note(question, started, status=response.status_code, request_id=request_id(response.headers))
        return self._judged(question, response, self._hiding(question).also(proof.words))

    def _note(self, question: _Question, started: float, **answer: Any) -> None:
        seconds = self._policy.monotonic() - started
        path = question.label.removeprefix(f"{question.method} ")
        exchange = Exchange(vendor=self._dialect.vendor, method=question.method, path=path, seconds=seconds, **answer)
        self._policy.note(exchange)

    def _judged(self, question: _Question, response: requests.Response, hide: Redaction) -> Answer:
        text = _text(response.content)
        body = {} if response.status_code == HTTPStatus.NO_CONTENT else _json_object(text)
        status = response.status_code if body is None else self._dialect.status(response.status_code, body)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = _retry_after(response.headers)
            raise Throttled(self._dialect.vendor, question.label, "asks to wait", retry_after=wait)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            raise self._unanswered(question, "the vendor failed", status)
        if body is None and status != HTTPStatus.UNAUTHORIZED:
            raise self._unanswered(question, hide(_unreadable_words(response)), status)
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and body is not None:
            if flaw := self._dialect.flaw(question.label, question.query, body):
                raise self._unanswered(question, hide(flaw), status)
            return Answer(status=status, body=body, text=text, headers=response.headers)
        raise self._dialect.refusal(question.label, status, _redacted(body or {}, hide))

    def _unanswered(self, question: _Question, detail: str, status: int | None = None) -> VendorError:
        kind = Unavailable if question.reads else UnknownOutcome
        return kind(self._dialect.vendor, question.label, shown(self._hiding(question)(detail)), status=status)

    def _unreached(self, question: _Question, reason: str) -> VendorError:
        parts = urlsplit(question.url)
        detail = f"no connection to {parts.scheme}://{parts.netloc.rpartition('@')[2]} could be made: {reason}"
        fix = "Nothing was sent. Check the network and the base URL setting, then run again."
        kind = Unavailable if question.reads else VendorError
        return kind(self._dialect.vendor, question.label, detail, fix=fix)

    def _hiding(self, question: _Question) -> Redaction:
        """Give what takes out the secrets of the stack, of the account and of this request."""
        return self._redaction.also(named_secrets({"form": question.form, "document": question.document}))

    def _session(self, url: str) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = requests.Session()
            # A proxy of the environment does not serve this machine's own sandbox.
            session.trust_env = not _is_loopback(urlsplit(url).hostname or "")
            transport = self._transport or TimedAdapter(max_retries=0)
            session.mount("https://", transport)
            session.mount("http://", transport)
            self._threads.session = session
        return session


def _never_sent(error: requests.RequestException) -> str:
    """Say why no connection came about, "" where the request may have been sent."""
    if isinstance(error, requests.exceptions.ProxyError):
        # urllib3 blames the proxy only while no connection to it stands.
        return "the proxy cannot be reached"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "timed out"
    cause = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(cause, NewConnectionError | ConnectTimeoutError):
        return str(cause).split(": ", 1)[-1]
    if isinstance(cause, TlsError) and cause.args and isinstance(cause.args[0], ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.args[0].verify_message}"
    return ""


def _transport_words(error: requests.RequestException, timeout: float) -> str:
    if isinstance(error, requests.exceptions.Timeout):
        return f"no answer within {timeout:g} s"
    return f"the connection broke before the answer was complete ({type(error).__name__})"


def _unreadable_words(response: requests.Response) -> str:
    kind = response.headers.get("Content-Type", "no content type").partition(";")[0]
    return f"the answer is not the vendor's JSON ({kind}, {len(response.content)} bytes)"


def _text(content: bytes) -> str:
    """Decode JSON's only encoding; a body in another one becomes text that is no JSON."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return ""


def _json_object(text: str) -> Body | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _redacted(body: Body, hide: Callable[[str], str]) -> Body:
    """Give a refusal's body with the secrets taken out of every text in it, before any of them is shortened."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return hide(value[:TEXT_LENGTH])
        if isinstance(value, Mapping):
            return {clean(name): clean(item) for name, item in value.items()}
        if isinstance(value, list):
            return [clean(item) for item in value]
        return value if hide(str(value)) == str(value) else MASK

    return {str(clean(name)): clean(value) for name, value in body.items()}


def shown(words: object) -> str:
    """Give a vendor's words as an error repeats them: one line, printable, not too long, no full stop."""
    text = " ".join("".join(mark if mark.isprintable() else " " for mark in str(words)).split())
    return text.rstrip(".") if len(text) <= DETAIL_LENGTH else text[:DETAIL_LENGTH] + "…"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait. A date counts from the answer's own `Date`, so that no clock here has to be right."""
    asked = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(asked):
        return float(asked)
    try:
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
