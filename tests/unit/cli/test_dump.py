"""`trunkline dump`: where the file goes, and what is said beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from trunkline.cli.dump import main
from trunkline.dump import HeldNumber, Holdings, LiveObject
from trunkline.errors import Refusal, SettingsError

NUMBER = "+33199001234"
TRUNK = {
    "name": "pbx", "numbers": [NUMBER], "authUsername": "pbx", "authPassword": "canary-1", "headers": {},
    "mediaEncryption": "disable",
}  # fmt: skip
INBOUND = {
    **TRUNK, "allowedAddresses": [], "allowedNumbers": [], "krispEnabled": False, "maxCallDuration": 0,
    "ringingTimeout": 0,
}  # fmt: skip
OUTBOUND = {**TRUNK, "address": "sip.example.com", "transport": "auto"}
RULE = {
    "trunkIds": ["ST_1"],
    "roomPrefix": "call-",
    "agents": [{"agentName": "desk", "metadata": ""}],
    "attributes": {},
}
HELD = Holdings(
    inbound=(LiveObject(id="ST_1", tag="", props=INBOUND),),
    outbound=(LiveObject(id="ST_2", tag="", props=OUTBOUND),),
    rules=(LiveObject(id="SDR_1", tag="r", props=RULE, also={"form": "individual"}),),
    numbers=(HeldNumber(provider="vonage", number="+447400123456"),),
    accounts={"livekit": "acme.livekit.cloud", "vonage": "key"},
)
UNREAD = "Not configured, so that their numbers are custom lines here: twilio."


def reading(environ: Mapping[str, str], tell: Callable[[str], None]) -> Holdings:
    return HELD


def test_the_file_is_written_and_what_is_to_be_done_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "numbers.yaml"

    assert main(["-o", str(file)], {}, reading) == 0

    assert file.read_text().startswith(f"# Dumped from livekit acme.livekit.cloud, vonage key. {UNREAD}\n")
    assert "inbound_auth: true" in file.read_text()
    assert "canary-1" not in file.read_text()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "1 number is a line, 1 is not:\n  1 no-trunk\npulumi config set --secret trunkline:pbxTrunkPassword\n"
        f"{UNREAD}\n"
    )


def test_without_a_file_it_is_printed_and_the_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "pbx", "--provider", "custom"], {}, reading) == 0

    out = capsys.readouterr().out
    where = "livekit acme.livekit.cloud, vonage key (--provider custom --only pbx)"
    assert out.startswith(f"# Dumped from {where}. {UNREAD}\n")
    assert "+447400123456" not in out


def test_a_file_that_is_there_stays_and_nothing_is_read(tmp_path: Path) -> None:
    file = tmp_path / "numbers.yaml"
    file.write_text("mine")

    with pytest.raises(Refusal, match=r"is there already\. Nothing was read or written\. Move it"):
        main(["-o", str(file)], {})

    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("place", "reason"), [("none/numbers.yaml", "No such file or directory"), ("a/b", "Not a directory")]
)
def test_a_place_where_no_file_can_be_is_refused_before_anything_is_read(
    place: str, reason: str, tmp_path: Path
) -> None:
    def read(environ: Mapping[str, str], tell: Callable[[str], None]) -> Holdings:
        raise AssertionError("a vendor was read")

    (tmp_path / "a").write_text("")
    with pytest.raises(Refusal) as refused:
        main(["-o", str(tmp_path / place)], {}, read)
    assert str(refused.value) == (
        f"{tmp_path / place} cannot be written: {reason}. Nothing was read or written. Choose another -o."
    )


def test_without_livekit_nothing_is_read() -> None:
    with pytest.raises(SettingsError, match="LIVEKIT_URL"):
        main([], {})


def test_a_pattern_that_nothing_is_like_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "numbers.yaml"

    with pytest.raises(Refusal, match=r"^nothing that was read is like nobody\*: no number, .* Nothing was written\."):
        main(["--only", "nobody*", "-o", str(file)], {}, reading)

    assert not file.exists()
