"""The classes whose dotted paths stand in users' states: never rename or move them.

Each resource class takes its inputs as they are and declares the outputs that the program reads.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource
from pulumi.output import Unknown

from providers.dynamic.calling import CallingProvider
from providers.dynamic.credential import RenamedListProvider, RotatingProvider
from providers.dynamic.fleet import FleetProvider
from providers.dynamic.lending import BorrowingProvider
from providers.dynamic.number import PhoneNumberProvider
from providers.dynamic.provider import AdapterProvider, TrunklineProvider
from providers.dynamic.rule import RuleProvider


class InboundTrunkProvider(AdapterProvider):
    kind = "InboundTrunk"


class OutboundTrunkProvider(BorrowingProvider):
    kind = "OutboundTrunk"


class DispatchRuleProvider(RuleProvider):
    kind = "DispatchRule"


class CallerRuleProvider(CallingProvider):
    kind = "CallerRule"


class SipTrunkProvider(AdapterProvider):
    kind = "SipTrunk"


class OriginationUrlProvider(AdapterProvider):
    kind = "OriginationUrl"


class FallbackUrlProvider(AdapterProvider):
    kind = "FallbackUrl"


class CredentialListProvider(RenamedListProvider):
    kind = "CredentialList"


class CredentialProvider(RotatingProvider):
    kind = "Credential"


class TrunkCredentialListProvider(AdapterProvider):
    kind = "TrunkCredentialList"


class TrunkAddressListProvider(AdapterProvider):
    kind = "TrunkAddressList"


class _VendorObject(Resource):
    """A resource with the vendor's id among its outputs."""

    vendorId: pulumi.Output[str]
    provider_class: ClassVar[type[TrunklineProvider]]
    found_out: ClassVar[tuple[str, ...]] = ("vendorId",)
    """Outputs that no input names; Pulumi wants to know of them beforehand."""

    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(self.provider_class(), name, dict.fromkeys(self.found_out) | props, opts)

    @property
    def object_id(self) -> pulumi.Output[str]:
        """The vendor's id, also in the preview of an edit, which makes outputs unknown and keeps Pulumi's own id."""
        return self.vendorId.apply(
            lambda known: self.id if isinstance(known, Unknown) else known, run_with_unknowns=True
        )


class InboundTrunk(_VendorObject, module="trunkline", name="InboundTrunk"):
    provider_class = InboundTrunkProvider


class OutboundTrunk(_VendorObject, module="trunkline", name="OutboundTrunk"):
    provider_class = OutboundTrunkProvider


class DispatchRule(_VendorObject, module="trunkline", name="DispatchRule"):
    provider_class = DispatchRuleProvider


class CallerRule(_VendorObject, module="trunkline", name="CallerRule"):
    provider_class = CallerRuleProvider


class SipTrunk(_VendorObject, module="trunkline", name="SipTrunk"):
    provider_class = SipTrunkProvider


class OriginationUrl(_VendorObject, module="trunkline", name="OriginationUrl"):
    provider_class = OriginationUrlProvider


class FallbackUrl(_VendorObject, module="trunkline", name="FallbackUrl"):
    provider_class = FallbackUrlProvider


class CredentialList(_VendorObject, module="trunkline", name="CredentialList"):
    provider_class = CredentialListProvider


class Credential(_VendorObject, module="trunkline", name="Credential"):
    provider_class = CredentialProvider


class TrunkCredentialList(_VendorObject, module="trunkline", name="TrunkCredentialList"):
    provider_class = TrunkCredentialListProvider


class TrunkAddressList(_VendorObject, module="trunkline", name="TrunkAddressList"):
    provider_class = TrunkAddressListProvider


class PhoneNumber(_VendorObject, module="trunkline", name="PhoneNumber"):
    provider_class = PhoneNumberProvider
    found_out = ("vendorId", "status", "waitingFor")
    status: pulumi.Output[str]
    waitingFor: pulumi.Output[str]
    """There only while the status is "pending"; in a preview it is unknown otherwise."""

    @property
    def object_id(self) -> pulumi.Output[str]:
        """The vendor's id; Pulumi's own is the number."""
        return self.vendorId


class Fleet(Resource, module="trunkline", name="Fleet"):
    """The gate of every update; `lines` holds what it found out for each line."""

    found_out: ClassVar[tuple[str, ...]] = ("borrowedSids", "secureTrunks", "neighbours")
    lines: pulumi.Output[dict[str, Any]]
    borrowedSids: pulumi.Output[dict[str, str]]
    secureTrunks: pulumi.Output[list[str]]
    """There only where the file adopts a carrier's trunk and does not name its encryption."""
    neighbours: pulumi.Output[list[dict[str, Any]] | None]

    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(FleetProvider(), name, {**dict.fromkeys(self.found_out), **props}, opts)


RESOURCES: dict[str, type[_VendorObject]] = {
    resource.__name__: resource
    for resource in (
        InboundTrunk,
        OutboundTrunk,
        DispatchRule,
        CallerRule,
        SipTrunk,
        OriginationUrl,
        FallbackUrl,
        CredentialList,
        Credential,
        TrunkCredentialList,
        TrunkAddressList,
        PhoneNumber,
    )
}
