"""API keys: their form, their file, and the command that makes them."""

from __future__ import annotations

import json
import os
import secrets
import stat
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.api.credentials import KEYS, kept, key_file
from trunkline.api.auth import keys, small_file
from trunkline.api.auth.keys import KeyFileBroken, KeyStore
from trunkline.api.auth.principal import Role
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


def test_what_has_not_the_form_of_a_key_opens_nothing_even_where_its_hash_stands_in_the_file(tmp_path: Path) -> None:
    path = key_file(tmp_path)
    path.write_text(written(sha256=keys.digest("password")))
    assert [KeyStore(path, Clock()).find(text) for text in ("password", KEY)] == [None, None]


def written(**changes: object) -> str:
    """A key file with the viewer's key, changed."""
    return json.dumps({"keys": [asdict(kept(Role.VIEWER)) | changes]})


def twice(**changes: object) -> str:
    """A key file with the viewer's key and that key changed."""
    key = asdict(kept(Role.VIEWER))
    return json.dumps({"keys": [key, key | changes]})


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


UNUSABLE: Mapping[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_text(""),
    "a list": lambda path: path.write_text("[]"),
    "a part of a key": lambda path: path.write_text('{"keys":[{"id":"x"}]}'),
    "a role that is none": lambda path: path.write_text(written(role="root")),
    "no text": lambda path: path.write_text("\x00"),
    "deep": lambda path: path.write_text("[" * 200_000),
    "deep inside": lambda path: path.write_text('{"keys":' + "[" * 200_000),
    "a hash that is a list": lambda path: path.write_text(written(sha256=[])),
    "a hash that is a number": lambda path: path.write_text(written(sha256=1)),
    "a hash that is none": lambda path: path.write_text(written(sha256="x")),
    "a name that is a number": lambda path: path.write_text(written(name=1)),
    "a word that is not known": lambda path: path.write_text(written(expires="2020-01-01T00:00:00Z")),
    "keys that are an object": lambda path: path.write_text('{"keys":{}}'),
    "a name twice, of which one would outlive its revocation": lambda path: path.write_text(
        twice(id="other", sha256="0" * 64)
    ),
    "a key twice, with two roles": lambda path: path.write_text(twice(id="other", name="other", role="admin")),
    "an id twice": lambda path: path.write_text(twice(name="other", sha256="0" * 64)),
    "a member of the file twice": lambda path: path.write_text('{"keys":[],' + written()[1:]),
    "a member of a key twice": lambda path: path.write_text(written().replace('"role"', '"role": "admin", "role"')),
    "a number that is none": lambda path: path.write_text(written(created=float("nan"))),
    "another version": lambda path: path.write_text('{"version":2,"keys":[]}'),
    "a version that is no number": lambda path: path.write_text('{"version":true,' + written()[1:]),
    "endless": lambda path: path.write_bytes(b" " * (1 << 24) + b'{"keys":[]}'),
    "gone": lambda path: path.unlink(),
    "a folder": replace_by_folder,
    "a pipe": replace_by_pipe,
}


@pytest.mark.parametrize("spoil", UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_closes_every_door_it_opened_until_it_is_mended(
    spoil: Callable[[Path], object], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock, path = Clock(), key_file(tmp_path)
    good = path.read_text()
    store = KeyStore(path, clock)
    assert store.find(KEY) == kept(Role.VIEWER)
    spoil(path)
    clock.now = 1.0
    assert (store.find(KEY), store.broken, dict(store.keys())) == (None, True, {})
    clock.now = 2.0
    assert store.find(KEY) is None
    assert [record.levelname for record in caplog.records] == ["ERROR"]  # told once
    assert str(path) in caplog.text
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    path.write_text(good)
    clock.now = 3.0
    assert (store.find(KEY), store.broken) == (kept(Role.VIEWER), False)
    assert caplog.messages[1:] == [f"{path}: can be used again; 3 keys are accepted."]


def test_a_file_that_nobody_may_read_any_more_closes_its_doors_too(tmp_path: Path) -> None:
    clock, path = Clock(), key_file(tmp_path)
    store = KeyStore(path, clock)
    assert store.find(KEY) == kept(Role.VIEWER)
    real = small_file.read
    time.sleep(0.02)  # a clock tick of the file system
    path.chmod(0o000)  # which leaves its content, length and time of writing as they were
    clock.now = 1.0
    with pytest.MonkeyPatch.context() as patch:

        def refused(place: Path, limit: int) -> bytes:  # as root would be refused nothing
            return real(place, limit) if place.stat().st_mode & 0o400 else _refuse()

        patch.setattr(small_file, "read", refused)
        assert (store.find(KEY), store.broken) == (None, True)


def _refuse() -> bytes:
    raise PermissionError("not for you")


@pytest.mark.parametrize("expected", [True, False])
def test_a_file_that_appears_after_the_start_is_taken_up(expected: bool, tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "keys.json"
    store = KeyStore(path, clock, expected=expected)
    assert (store.find(KEY), store.broken) == (None, expected)
    key_file(tmp_path)
    clock.now = 1.0
    assert (store.find(KEY), store.broken) == (kept(Role.VIEWER), False)
    path.unlink()
    clock.now = 2.0
    assert (store.find(KEY), store.broken) == (None, True)  # it was there: somebody misses it


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
    assert run("list", "--json", folder=tmp_path) == 0
    assert json.loads(capsys.readouterr().out) == {
        "keys": [{"id": found.id, "name": "ci", "role": "viewer", "created": found.created}]
    }
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
    assert run(*arguments, folder=tmp_path) == 1
    assert "Usage:" in capsys.readouterr().err
