"""What rooms record is in the file, and its secrets are named to whoever applies it."""

from __future__ import annotations

from typing import Any

from tests.dump.account import INDIVIDUAL, Account
from tests.dump.proof import Dumped, but_for_tags


def recorded(account: Account, secret: str, **more: Any) -> str:
    """Make a line whose rooms are recorded into a bucket, and give its rule's id."""
    egress = {"tracks": {"s3": {"bucket": "calls", "access_key": "canary-key", "secret": secret}}, **more}
    config = {"agents": [{"agent_name": "desk"}], "egress": egress}
    trunk = account.inbound([account.pbx()], ruled=False)
    return account.rule([trunk], rule=INDIVIDUAL, room_config=config)


def test_each_secret_of_a_recording_is_named_once_with_its_command_and_its_place() -> None:
    account = Account(1)
    rule = recorded(account, "canary-secret", room={"stream_outputs": [{"urls": ["canary-key"]}]})

    text = Dumped.of(account.world).text

    assert "canary" not in text
    assert [line for line in text.splitlines() if line.startswith("#   pulumi")] == [
        "#   pulumi config set --secret trunkline:deskEgressSecret1    "
        f"# egress.room.stream_outputs.0.urls.0 of {rule}",
        f"#   pulumi config set --secret trunkline:deskEgressSecret2    # egress.tracks.s3.secret of {rule}",
    ]
    assert "urls: [{secret: deskEgressSecret1}]" in text
    assert "{s3: {access_key: {secret: deskEgressSecret1}, bucket: calls, secret: {secret: deskEgressSecret2}}}" in text


def test_rules_that_record_with_other_secrets_are_those_of_two_agents() -> None:
    account = Account(1)
    recorded(account, "canary-one")
    recorded(account, "canary-two")
    before = but_for_tags(account.world)
    dumped = Dumped.of(account.world)

    steps, again = dumped.up()

    assert [one.name for one in dumped.description.agents] == ["desk", "desk-2"]
    assert ({step.op for step in steps}, again, but_for_tags(account.world)) == ({"create"}, [], before)


def test_a_recording_that_the_file_cannot_say_stays_and_is_told() -> None:
    account = Account(1)
    rule = recorded(account, "canary-secret", room={"room_name": "nowhere"})
    before = but_for_tags(account.world)
    dumped = Dumped.of(account.world)

    _, again = dumped.up()

    (line,) = dumped.description.lines
    assert [note.detail for note in line.notes] == [f"egress of {rule}"]
    assert ("egress:" in dumped.text, again, but_for_tags(account.world)) == (False, [], before)
