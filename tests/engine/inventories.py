"""The inventory with which most of these tests begin, one with lines of every make, and one of any size."""

START = """\
version: 1
guard: {max_purchases: 5, max_releases: 1, max_monthly_increase: {USD: 25, EUR: 10}}
defaults: {provider: twilio, country: US}
agents:
  support: {agent_name: support-agent, metadata: {tier: gold}, room_prefix: support-}
  sales: {agent_name: sales-agent}
trunks:
  uk-office:
    provider: custom
    sip_address: custom-sip.provider.com
    transport: tls
    auth_username: my_sip_user
    auth_password: {secret: ukOfficePassword}
    allowed_addresses: [203.0.113.0/28]
  twilio-us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
numbers:
  sales-us:
    phone_number: "+16505551234"
    agent: sales
    label: Sales, US
  support-us:
    search: {country: US, area_code: 650, type: local}
    agent: support
  support-gb:
    provider: vonage
    search: {country: GB, type: mobile}
    agent: support
    label: Support, UK mobile
  uk-office:
    phone_number: "+442071234567"
    trunk: uk-office
    agent: support
    label: UK Office
"""

# Lines of an implicit trunk, of one of their own, of one that they share, and of a custom one.
MIXED = """\
version: 1
guard: {max_purchases: 10, max_releases: 10}
agents:
  support: {agent_name: support-agent, metadata: {tier: gold}, room_prefix: support-}
  sales: {agent_name: sales-agent}
trunks:
  office:
    provider: custom
    sip_address: custom-sip.provider.com
    transport: tls
    auth_username: my_sip_user
    auth_password: {secret: ukOfficePassword}
  own: {provider: vonage}
  joint: {provider: vonage, shared: true}
numbers:
  us-one: {provider: twilio, phone_number: "+16505551234", agent: sales, label: One}
  us-two: {provider: twilio, search: {country: US, area_code: 650, type: local}, agent: support}
  us-three: {provider: twilio, phone_number: "+14155550100", agent: support}
  gb-one: {trunk: own, search: {country: GB, type: mobile}, agent: support}
  gb-two: {trunk: own, phone_number: "+447400123456", agent: sales}
  joint-one: {trunk: joint, phone_number: "+447400123501", agent: sales}
  joint-two: {trunk: joint, phone_number: "+447400123502", agent: sales}
  desk: {trunk: office, phone_number: "+442071234567", agent: support}
"""
IMPLICIT_LOGIN = {"twilioSipUsername": "livekit", "twilioSipPassword": "Canary-Pass-word-99"}


def many(twilio: int, vonage: int, custom: int) -> str:
    """Give the inventory of as many lines at each, on the agents and trunks of `START`."""
    head, _, _ = START.partition("numbers:\n")
    head = head.replace("max_purchases: 5", "max_purchases: 100").replace(
        ", max_monthly_increase: {USD: 25, EUR: 10}", ""
    )
    lines = [
        *(f'  us-{place}: {{phone_number: "+1650555{2000 + place}", agent: sales}}' for place in range(twilio)),
        *(
            f'  gb-{place}: {{provider: vonage, phone_number: "+4474005{51000 + place}", agent: support}}'
            for place in range(vonage)
        ),
        *(
            f'  office-{place}: {{trunk: uk-office, phone_number: "+44207123{4000 + place}", agent: support}}'
            for place in range(custom)
        ),
    ]
    return head + "numbers:\n" + "\n".join(lines) + "\n"
