"""A dynamic provider process as the engine has it: started by a launcher, spoken to over gRPC, no engine behind it."""

from __future__ import annotations

import base64
import os
import pickletools
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import grpc
from google.protobuf import json_format, struct_pb2
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from providers.dynamic.fleet import FleetProvider
from providers.dynamic.resources import RESOURCES

REPOSITORY = Path(__file__).parents[2]
LIMIT = 120.0  # seconds that a call may take
LAUNCHERS: Mapping[str, tuple[str, ...]] = {
    "ours": (sys.executable, "-u", str(REPOSITORY / "toolchain/engine/dynamic_provider.py")),
    "official": (sys.executable, "-u", "-m", "pulumi.dynamic"),
}
# Each provider as Pulumi pickles it into the state.
PICKLES: Mapping[str, str] = {
    "Fleet": serialize_provider(FleetProvider()),
    **{kind: serialize_provider(resource.provider_class()) for kind, resource in RESOURCES.items()},
}


def dotted_path(pickled: str) -> str:
    """The one class that a pickled provider names; it may hold nothing else."""
    texts = [
        argument
        for opcode, argument, _ in pickletools.genops(base64.b64decode(pickled))
        if opcode.name in ("SHORT_BINUNICODE", "BINUNICODE")
    ]
    assert len(texts) == 2, f"a pickle with more than a class in it: {texts}"
    return ".".join(map(str, texts))


class ProviderProcess:
    """Calls as the engine sends them: properties are JSON values, the SDK's `UNKNOWN` stands for what is not known yet.

    The answers come back the same way, without the pickled provider. A call that fails raises grpc.RpcError.
    """

    def __init__(self, launcher: str, directory: Path, variables: Mapping[str, str]) -> None:
        self._engine = socket.create_server(("127.0.0.1", 0))
        port = self._engine.getsockname()[1]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        with (directory / "stderr.txt").open("w") as notices:
            self.process = subprocess.Popen(
                (*LAUNCHERS[launcher], f"127.0.0.1:{port}"),
                cwd=directory,
                env={**inherited, **variables, "PULUMI_PROJECT": "trunkline"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=notices,
                text=True,
            )
        assert self.process.stdout is not None
        address = f"127.0.0.1:{int(self.process.stdout.readline())}"
        self._channel = grpc.insecure_channel(address, options=_GRPC_CHANNEL_OPTIONS)
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end_engine()
        self._channel.close()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def end_engine(self) -> None:
        """Let the engine's address refuse connections, as after the engine's end."""
        self._engine.close()

    def configure(self, **config: str) -> bool:
        """Configure with stack configuration; tells whether the provider takes secrets as such."""
        arguments = _struct({f"trunkline:{name}": value for name, value in config.items()})
        answer = self._stub.Configure(provider_pb2.ConfigureRequest(args=arguments), timeout=LIMIT)
        return bool(answer.acceptSecrets)

    def check(
        self, kind: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None, *, pickled: str = ""
    ) -> dict[str, Any]:
        """Give the checked inputs. Fails the test where the check has refusals.

        `pickled` is another provider than the one of that kind.
        """
        inputs, failures = self.checked(kind, news, olds, pickled=pickled)
        assert failures == []
        return inputs

    def checked(
        self, kind: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None, *, pickled: str = ""
    ) -> tuple[dict[str, Any], list[str]]:
        """Give the checked inputs and the reasons of the refusals."""
        request = provider_pb2.CheckRequest(olds=_struct(olds or {}), news=_of(kind, news, pickled))
        answer = self._stub.Check(request, timeout=LIMIT)
        return _plain(answer.inputs), [failure.reason for failure in answer.failures]

    def diff(self, kind: str, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[str, list[str]]:
        """Give what the provider says of a difference (NONE, SOME, UNKNOWN), and the properties that replace."""
        request = provider_pb2.DiffRequest(id=id_, olds=_of(kind, olds), news=_of(kind, news))
        answer = self._stub.Diff(request, timeout=LIMIT)
        name = provider_pb2.DiffResponse.DiffChanges.Name(answer.changes)
        return name.removeprefix("DIFF_"), list(answer.replaces)

    def create(self, kind: str, props: Mapping[str, Any], *, pickled: str = "") -> tuple[str, dict[str, Any]]:
        answer = self._stub.Create(provider_pb2.CreateRequest(properties=_of(kind, props, pickled)), timeout=LIMIT)
        return answer.id, _plain(answer.properties)

    def read(self, kind: str, id_: str, props: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Give id ("" where it is gone), outputs and inputs."""
        answer = self._stub.Read(provider_pb2.ReadRequest(id=id_, properties=_of(kind, props)), timeout=LIMIT)
        return answer.id, _plain(answer.properties), _plain(answer.inputs)

    def update(self, kind: str, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        request = provider_pb2.UpdateRequest(id=id_, olds=_of(kind, olds), news=_of(kind, news))
        return _plain(self._stub.Update(request, timeout=LIMIT).properties)

    def delete(self, kind: str, id_: str, props: Mapping[str, Any]) -> None:
        self._stub.Delete(provider_pb2.DeleteRequest(id=id_, properties=_of(kind, props)), timeout=LIMIT)


def _of(kind: str, props: Mapping[str, Any], pickled: str = "") -> struct_pb2.Struct:
    return _struct({**props, "__provider": pickled or PICKLES[kind]})


def _struct(props: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(props), struct_pb2.Struct())


def _plain(props: struct_pb2.Struct) -> dict[str, Any]:
    plain = json_format.MessageToDict(props)
    plain.pop("__provider", None)
    return plain
