"""API keys: their form, their file, and the command that makes them."""

from __future__ import annotations

import json
import secrets
import stat
from pathlib import Path

import pytest

from tests.api.credentials import KEYS, kept, key_file
from trunkline.api import keys
from trunkline.api.keys import KeyFileBroken, KeyStore
from trunkline.api.principal import Role
from trunkline.cli import keys as command
from trunkline.errors import Refusal

KEY = KEYS[Role.VIEWER]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_key_has_a_prefix_190_random_bits_and_a_checksum() -> None:
    drawn: list[str] = []

    def choice(alphabet: str) -> str:
        assert len(set(alphabet)) == 62
        drawn.append(secrets.choice(alphabet))
        return drawn[-1]

    key = keys.generate(choice).reveal()
    assert (key[:3], key[3:35], len(key)) == ("tl_", "".join(drawn), 41)
    assert keys.well_formed(key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tl_",
        KEY[:-1],
        KEY + "0",
        KEY.swapcase(),
        KEY.upper(),
        KEY.lower(),
        KEY[:-1] + ("0" if KEY[-1] != "0" else "1"),
        "TL_" + KEY[3:],
        KEY[3:],
        f" {KEY}",
        f"{KEY}\n",
        KEY.replace("t", "\u0442", 1),
        "tl_" + "\uff11" * 38,
        "x" * 1_000_000,
    ],
    ids=range(15),
)
def test_what_is_no_key_is_refused_without_a_look_up(text: str, tmp_path: Path) -> None:
    assert not keys.well_formed(text)
    assert KeyStore(key_file(tmp_path), Clock()).find(text) is None


def test_no_random_key_is_accepted(tmp_path: Path) -> None:
    store = KeyStore(key_file(tmp_path), Clock())
    assert not any(store.find(keys.generate(secrets.choice).reveal()) for _ in range(2000))


def test_the_file_holds_hashes_alone_and_is_for_its_owner(tmp_path: Path) -> None:
    path = key_file(tmp_path)
    assert keys.read(path) == tuple(kept(role) for role in Role)
    assert not any(key in path.read_text() for key in KEYS.values())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_revoked_key_is_refused_within_a_second(tmp_path: Path) -> None:
    clock, path = Clock(), key_file(tmp_path)
    store = KeyStore(path, clock)
    assert store.find(KEY) == kept(Role.VIEWER)
    keys.revoke(path, "ci-viewer")
    clock.now = 1.0
    assert store.find(KEY) is None
    assert store.find(KEYS[Role.ADMIN]) == kept(Role.ADMIN)


@pytest.mark.parametrize("text", ["", "[]", '{"keys":[{"id":"x"}]}', '{"keys":[{"role":"root"}]}', "\x00"])
def test_a_broken_file_opens_no_door_until_it_is_mended(text: str, tmp_path: Path) -> None:
    clock, path = Clock(), key_file(tmp_path)
    good = path.read_text()
    store = KeyStore(path, clock)
    path.write_text(text)
    assert (store.find(KEY), store.broken) == (None, True)
    path.write_text(good)
    clock.now = 1.0
    assert (store.find(KEY), store.broken) == (kept(Role.VIEWER), False)


def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{")
    with pytest.raises(KeyFileBroken, match="No key is accepted"):
        keys.add(path, kept(Role.VIEWER))
    assert path.read_text() == "{"


def test_a_name_is_given_once(tmp_path: Path) -> None:
    path = key_file(tmp_path)
    with pytest.raises(Refusal, match="Nothing was changed"):
        keys.add(path, kept(Role.VIEWER))


def run(*arguments: str, folder: Path) -> int:
    return command.main(arguments, {"TRUNKLINE_KEYS_FILE": str(folder / "keys.json")})


def test_create_prints_the_key_once_and_list_never(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("create", "--role", "viewer", "--name", "ci", folder=tmp_path) == 0
    created = capsys.readouterr()
    key = created.out.strip()
    assert keys.well_formed(key)
    assert key not in created.err
    assert run("list", folder=tmp_path) == 0
    listed = capsys.readouterr().out
    assert key not in listed
    assert listed.splitlines()[1].split()[1::2] == ["viewer", "ci"]
    found = KeyStore(tmp_path / "keys.json", Clock()).find(key)
    assert found is not None
    assert (found.name, found.role) == ("ci", Role.VIEWER)


def test_revoke_takes_a_name_or_an_id(tmp_path: Path) -> None:
    key_file(tmp_path)
    assert run("revoke", "ci-admin", folder=tmp_path) == 0
    assert run("revoke", "id-viewer", folder=tmp_path) == 0
    left = json.loads((tmp_path / "keys.json").read_text())["keys"]
    assert [key["name"] for key in left] == ["ci-developer"]
    with pytest.raises(Refusal, match="has no key 'ci-admin'"):
        run("revoke", "ci-admin", folder=tmp_path)


@pytest.mark.parametrize("arguments", [("create", "--role", "root", "--name", "x"), ("create", "--role", "admin"), ()])
def test_wrong_arguments_end_with_1(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments, folder=tmp_path)
    assert ended.value.code == 1
    assert "usage:" in capsys.readouterr().err
