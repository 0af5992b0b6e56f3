"""The papers that Twilio wants with a purchase: an address, a regulatory bundle, and what it holds against given ones.

Which kinds of number take a bundle is Twilio's word, never ours: regulations change, and its page on them forbids to
write them down (Regulations resource, read 2026-11-26).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from providers.port import Candidate, Lack, Props
from providers.sdk_session import SdkSession
from trunkline.errors import Reason, Rejected

APPROVED = "twilio-approved"
_ADDRESS_RULES = {
    "any": "an address",
    "local": "an address in that country",
    "foreign": "an address outside that country",
}
_ADDRESS_FIX = "Write `address_sid` on the line, with the SID (AD…) of such an address of your account"
_EMERGENCY_FIX = "Write the SID (AD…) of an address of your account that Twilio has enabled for emergency calls"
_BUNDLE_FIX = (
    "Write `bundle_sid` on the line, with the SID (BU…) of an approved regulatory bundle of your account for it"
)


class Papers:
    """Asks once a process for each kind of number, bundle and address; safe in several threads."""

    def __init__(self, session: SdkSession) -> None:
        self._session = session
        self._known: dict[tuple[str, ...], Any] = {}
        self._guard = threading.Lock()

    def lacks(self, offer: Candidate, papers: Props) -> Iterator[Lack]:
        """Give what a purchase of the offer would be refused for.

        `papers`: `addressSid`, `bundleSid` and `emergencyAddressSid`, "" for none.
        """
        yield from self._address(offer, papers.get("addressSid", ""))
        yield from self._emergency(papers.get("emergencyAddressSid", ""))
        yield from self._bundle(offer, papers.get("bundleSid", ""))

    def _address(self, offer: Candidate, sid: str) -> Iterator[Lack]:
        wanted = _ADDRESS_RULES.get(offer.address_rule, "")
        kind = _kind(offer)
        if not sid:
            if wanted:
                yield Lack(key="address_sid", reason=f"Twilio sells {kind} with {wanted} alone", fix=_ADDRESS_FIX)
            return
        country = self._once(("address", sid), self._country_of)
        if country is None:
            yield Lack(key="address_sid", reason=f"the account has no address {sid}", fix=_ADDRESS_FIX)
        elif (offer.address_rule == "local" and country != offer.country) or (
            offer.address_rule == "foreign" and country == offer.country
        ):
            reason = f"Twilio sells {kind} with {wanted} alone, and {sid} is in {country}"
            yield Lack(key="address_sid", reason=reason, fix=_ADDRESS_FIX)

    def _emergency(self, sid: str) -> Iterator[Lack]:
        enabled = self._once(("emergency", sid), self._is_for_emergencies) if sid else True
        if enabled is None:
            reason = f"the account has no address {sid}"
            yield Lack(key="emergency_address_sid", reason=reason, fix=_EMERGENCY_FIX)
        elif not enabled:
            reason = f"address {sid} is enabled for no emergency calls"
            yield Lack(key="emergency_address_sid", reason=reason, fix=_EMERGENCY_FIX)

    def _bundle(self, offer: Candidate, sid: str) -> Iterator[Lack]:
        regulations = self._once(("regulations", offer.country, offer.type), self._regulations)
        if not sid:
            if regulations:
                reason = f"Twilio sells {_kind(offer)} with a regulatory bundle alone"
                yield Lack(key="bundle_sid", reason=reason, fix=_BUNDLE_FIX)
            return
        found = self._once(("bundle", sid), self._bundle_of)
        if found is None:
            yield Lack(key="bundle_sid", reason=f"the account has no bundle {sid}", fix=_BUNDLE_FIX)
            return
        status, regulation = found
        if regulations and status != APPROVED:
            reason = f"bundle {sid} is {status}, and Twilio sells {_kind(offer)} with an approved one alone"
            fix = "Wait until Twilio has approved it (hours to days), or name another bundle"
            yield Lack(key="bundle_sid", reason=reason, fix=fix)
        elif regulations and regulation and regulation not in regulations:
            reason = f"bundle {sid} is for another kind of number than {_kind(offer)}"
            yield Lack(key="bundle_sid", reason=reason, fix=_BUNDLE_FIX)

    def _once(self, question: tuple[str, ...], ask: Any) -> Any:
        with self._guard:
            if question not in self._known:
                self._known[question] = ask(*question[1:])
            return self._known[question]

    def _country_of(self, sid: str) -> str | None:
        return self._session.ask_or_none(lambda api: _text(api.addresses(sid).fetch().iso_country, "iso_country"))

    def _is_for_emergencies(self, sid: str) -> bool | None:
        return self._session.ask_or_none(lambda api: bool(api.addresses(sid).fetch().emergency_enabled))

    def _bundle_of(self, sid: str) -> tuple[str, str] | None:
        return self._session.ask_or_none(lambda api: _bundle(api.numbers.v2.regulatory_compliance.bundles(sid).fetch()))

    def _regulations(self, country: str, kind: str) -> frozenset[str]:
        """Give the SIDs of the regulations that demand anything of a kind of number."""
        words = {"iso_country": country, "number_type": kind.replace("_", "-"), "page_size": 1000}
        try:
            rows = self._session.ask(lambda api: api.numbers.v2.regulatory_compliance.regulations.list(**words))
        except Rejected as error:
            # Where the credentials may not read regulations, Twilio's refusal of the purchase says it.
            if error.reason not in (Reason.CREDENTIALS, Reason.NOT_FOUND):
                raise
            return frozenset()
        return frozenset(str(row.sid) for row in rows if _demands(row.requirements))


def _kind(offer: Candidate) -> str:
    return f"{offer.type.replace('_', '-')} numbers of {offer.country}"


def _demands(requirements: Any) -> bool:
    """Whether a regulation asks for anything; one whose demands are not shown is taken to."""
    return not isinstance(requirements, dict) or not requirements or any(requirements.values())


def _bundle(row: Any) -> tuple[str, str]:
    return _text(row.status, "status"), str(row.regulation_sid or "")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"the answer lacks its {name}")
    return value
