"""The lists that say who may call out over a trunk: of credentials, and of IP addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import invalid, not_found
from sandbox.twilio.paging import url_page
from sandbox.twilio.parameters import PAGING, Parameter, sid
from sandbox.twilio.wire import TRUNKING, in_v1

LIST = PAGING


@dataclass(frozen=True, slots=True)
class TrunkLists:
    """One kind of list on a trunk. `table` holds the links, `lists` the lists; `noun` is Twilio's in parameters."""

    table: str
    lists: str
    noun: str
    prefix: str

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return (Parameter(f"{self.noun}Sid", sid(self.prefix), required=True),)

    def add(self, call: Call) -> Response:
        trunk, chosen = call.find("trunks", "TrunkSid"), call.params[f"{self.noun}Sid"]
        found = call.desk.store.get(self.lists, chosen)
        if found is None or found["account_sid"] != call.account:
            raise invalid(f"Invalid {self.noun}Sid: {chosen} is not in this account")
        if self._links(call, trunk["sid"], chosen):
            raise invalid(f"Invalid {self.noun}Sid: {chosen} belongs to trunk {trunk['sid']} already")
        record = call.desk.new(self.table, "LK", call.account, trunk_sid=trunk["sid"], _list=chosen)
        return Response.of_json(201, self._render(call, record))

    def read_all(self, call: Call) -> Response:
        trunk = call.find("trunks", "TrunkSid")
        return url_page(call, self.lists, self._links(call, trunk["sid"]), self._render, TRUNKING)

    def read(self, call: Call) -> Response:
        return Response.of_json(200, self._render(call, self._found(call)))

    def remove(self, call: Call) -> Response:
        call.desk.store.drop(self.table, self._found(call)["sid"])
        return Response(204)

    def _links(self, call: Call, trunk: str, chosen: str | None = None) -> list[Record]:
        links = (each for each in call.mine(self.table) if each["trunk_sid"] == trunk)
        return [each for each in links if chosen in (None, each["_list"])]

    def _found(self, call: Call) -> Record:
        links = self._links(call, call.find("trunks", "TrunkSid")["sid"], call.arguments["Sid"])
        if not links:
            raise not_found(call.request.path)
        return links[0]

    def _render(self, call: Call, link: Record) -> dict[str, Any]:
        chosen = call.desk.store.table(self.lists)[link["_list"]]
        path = f"/Trunks/{link['trunk_sid']}/{self.noun}s/{chosen['sid']}"
        return {**in_v1(call, link, path), "sid": chosen["sid"], "friendly_name": chosen["friendly_name"]}


CREDENTIALS = TrunkLists("trunk_lists", "credential_lists", "CredentialList", "CL")
ADDRESSES = TrunkLists("trunk_address_lists", "ip_access_control_lists", "IpAccessControlList", "AL")
