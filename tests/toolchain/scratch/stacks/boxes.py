"""Dynamic resources that do as little as possible, for trying the engine and nothing else."""

import os
import threading
import time
from pathlib import Path

from pulumi.dynamic import ConfigureRequest, CreateResult, ReadResult, Resource, ResourceProvider, UpdateResult

_company = threading.Barrier(int(os.environ.get("BOXES_AT_ONCE", "1")))


class BoxProvider(ResourceProvider):
    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest):
        from providers.dynamic.workers import widen

        widen()

    def create(self, props):
        _company.wait(timeout=300)  # with fewer calls at a time this never opens
        return CreateResult(f"box-{props['label']}", {"label": props["label"]})

    def read(self, id_, props):
        return ReadResult(id_, props)

    def update(self, _id, _olds, news):
        return UpdateResult({"label": news["label"]})


class SlowProvider(ResourceProvider):
    """Says by one file that its create is under way, and by another that it came to its end."""

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest):
        if os.environ.get("WATCH_IN_CONFIGURE"):
            from providers.dynamic.engine_watch import end_with_engine

            end_with_engine()

    def create(self, props):
        notes = Path(props["notes"])
        (notes / "provider.pid.new").write_text(str(os.getpid()))
        (notes / "provider.pid.new").rename(notes / "provider.pid")
        time.sleep(300)
        (notes / "finished").touch()
        return CreateResult("slow", {})


class RefusingProvider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, _props):
        raise RuntimeError("the vendor refused")


class DictProvider(ResourceProvider):
    """Not how a provider should be: its pickle holds dicts."""

    def __init__(self):
        self.settings = {"region": {"name": "ie1"}, "limits": {"rate": {"a_second": 1}}}


class Box(Resource, name="Box"):
    pass
