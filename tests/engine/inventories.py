"""The inventory with which most of these tests begin."""

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
