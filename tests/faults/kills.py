"""Kills of real processes: `kill -9` in the middle of a write, `pulumi cancel`, `pulumi up`, and the ledger's word."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import theatre
from tests.faults.holdings import TABLES, recordable
from tests.faults.inventory import NOTHING, SECRETS, inventory, own
from tests.faults.kill_scenes import SCENES, Scene
from tests.faults.points import WRITES, Moment, Point, Victim, cover, every
from tests.faults.theatre import REACH_LIMIT, Theatre
from tests.support import processes

PREFIX = "trunkline:trunkline/test/"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a point; `fault` is "" where all is well. The counts are those of the sandbox, at the end."""

    point: Point
    fault: str = ""
    ups: int = 0
    seconds: float = 0.0
    purchases: int = 0
    releases: int = 0
    orphans: int = 0


def build(stage: Theatre, names: set[str]) -> None:
    """Make the bases that are asked for; each is a state that an operator can be in."""
    stage.keep("empty", NOTHING)
    if "noted" in names:
        _half(stage)
        # Leftovers are swept by the update after the one that notes them.
        _demand(stage, NOTHING)
        stage.keep("noted", NOTHING)
        stage.begin("empty")
    for head, file in (("", inventory), ("own ", own)):
        if not names & {f"{head}made", f"{head}marked", f"{head}kept"}:
            continue
        stage.begin("empty")
        _demand(stage, file())
        stage.keep(f"{head}made", file())
        for name, removal in ((f"{head}marked", "release"), (f"{head}kept", "keep")):
            if name in names:
                stage.begin(f"{head}made")
                _demand(stage, file(removal=removal))
                stage.keep(name, file(removal=removal))


def carry_out(stage: Theatre, point: Point) -> Verdict:
    """Kill at the point, recover, and judge."""
    started = time.monotonic()
    scene = SCENES[point.write.scene]
    stage.begin(scene.base)
    if scene.tamper:
        scene.tamper(stage)
    held, said = strike(stage, point, scene.file)
    if held is None:
        return Verdict(point, f"the run never came to this write: {said[-1500:]}")
    stage.cancel()
    if point.moment is Moment.LATE:
        stage.up(scene.file, checkpoints=point.checkpoints)
        held.release()
        time.sleep(0.2)
    ups, fault = recover(stage, scene, checkpoints=point.checkpoints)
    ledger = stage.sandbox.ledger
    return Verdict(
        point,
        fault,
        ups,
        time.monotonic() - started,
        purchases=len(ledger.charges()),
        releases=len(ledger.releases()),
        orphans=len(_tagged(stage) - _recorded(stage)),
    )


def strike(stage: Theatre, point: Point, file: str) -> tuple[Any, str]:
    """Start the run, hold it at the write, kill. Gives the hold, None where the write never came, and what was said."""
    write = point.write
    side = "before" if point.moment in (Moment.BEFORE, Moment.LATE) else "after"
    held = stage.plant("hold", write.vendor, write.method, write.path, side)
    if point.moment is Moment.BEFORE:
        stage.plant("drop", write.vendor, write.method, write.path, "before")
    run = stage.start(file, checkpoints=point.checkpoints)
    theatre.wait_until(lambda: held.reached.is_set() or run.poll() is not None, REACH_LIMIT)
    if not held.reached.is_set():
        how = "it was still running" if run.poll() is None else f"it ended with {run.returncode}"
        theatre.kill({run.pid, *processes.descendants(run.pid)})
        return None, f"{how}; {run.communicate()[0]}"
    children = processes.descendants(run.pid)
    providers = theatre.providers_of(run.pid)
    if point.moment is Moment.UNSAVED:
        theatre.pause(run.pid, on=True)
        held.release()
        time.sleep(0.3)
    theatre.kill({Victim.ENGINE: {run.pid}, Victim.PROVIDER: providers}.get(point.victim, {run.pid, *providers}))
    theatre.pause(run.pid, on=False)
    if point.moment is not Moment.LATE:
        held.release()
    said, _ = run.communicate(timeout=theatre.END_LIMIT)
    theatre.wait_until(lambda: not any(map(_alive, children - providers)), theatre.END_LIMIT)
    return held, said


def recover(stage: Theatre, scene: Scene, *, checkpoints: bool) -> tuple[int, str]:
    """Run `up` until all is as declared and nothing is written: two that write at most, after all has landed.

    Gives how many ran, the last included, and what is wrong, or "".
    """
    stage.sandbox.faults.clear()
    for ups in (1, 2, 3):
        mark = stage.sandbox.journal.mark()
        run = stage.up(scene.file, checkpoints=checkpoints)
        writes = [f"{each.method} {each.path}" for each in stage.sandbox.journal.writes(mark)]
        fault = _judge(stage, scene)
        # One that writes nothing may still have noted what the next one sweeps.
        if run.returncode == 0 and not writes and not fault:
            return ups, ""
    return (
        ups,
        fault or f"not converged after two runs; exit {run.returncode}, the last wrote {writes}: {run.stdout[-1500:]}",
    )


def _judge(stage: Theatre, scene: Scene) -> str:
    """Compare the ledger and the tagged objects with what the scene must end in. Gives what is wrong, or ""."""
    ledger = stage.sandbox.ledger
    bought = [charge.number for charge in ledger.charges()]
    if len(bought) != scene.charges or len(set(bought)) != len(bought):
        return f"bought {bought}, where {scene.charges} numbers were wanted"
    released = [release.number for release in ledger.releases()]
    if len(released) != scene.released:
        return f"released {released}, where {scene.released} were marked"
    sandbox = stage.sandbox
    owned = len(sandbox.twilio.numbers()) + len(sandbox.vonage.numbers()) + len(list(sandbox.livekit.numbers))
    if owned != scene.charges - scene.released:
        return f"{owned} numbers in the accounts"
    there, recorded = _tagged(stage), _recorded(stage)
    if there != recorded:
        return f"tagged, in no state: {sorted(there - recorded)}; in the state, not there: {sorted(recorded - there)}"
    return ""


def _tagged(stage: Theatre) -> set[str]:
    """The ids of everything at the vendors that carries a tag of the fleet and must stand in the state."""
    return {id_ for _, id_ in recordable(stage.sandbox, PREFIX)}


def _recorded(stage: Theatre) -> set[str]:
    """The ids in the state of what can carry a tag; Vonage's numbers cannot."""
    ids = stage.project.ids().items()
    return {id_ for name, id_ in ids if name.split()[0] in TABLES and not id_.startswith("4")}


def _half(stage: Theatre) -> None:
    """A run that was killed when it came to the purchase, without checkpoints: all its LiveKit objects stand.

    Without the line at Vonage, whose leftovers stay for a day.
    """
    stage.begin("empty")
    purchase = ("twilio", "POST", r"/IncomingPhoneNumbers\.json$")
    held = stage.plant("hold", *purchase, "before")
    stage.plant("drop", *purchase, "before")
    run = stage.start(inventory(lines=("desk", "own")), checkpoints=False)
    reached = theatre.wait_until(held.reached.is_set, REACH_LIMIT)
    theatre.kill({run.pid, *processes.descendants(run.pid)})
    run.communicate()
    stage.sandbox.faults.clear()
    if not reached:
        raise RuntimeError("the run came to no purchase")
    stage.cancel()


def _demand(stage: Theatre, file: str) -> None:
    run = stage.up(file, checkpoints=False)
    if run.returncode != 0:
        raise RuntimeError(f"the base cannot be made: {run.stdout[-3000:]}")


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def perform(
    points: Sequence[Point], directory: Path, tell: Callable[[Verdict], None], workers: int = 2
) -> list[Verdict]:
    """Carry out points in several theatres at once, scene by scene."""
    ordered = sorted(points, key=lambda point: list(SCENES).index(point.write.scene))
    size = -(-len(ordered) // workers)
    shares = [ordered[start : start + size] for start in range(0, len(ordered), size)]

    def work(number: int) -> list[Verdict]:
        stage = Theatre.open(_made(directory / str(number)), NOTHING, **SECRETS)
        theatres.callback(stage.close)
        build(stage, {SCENES[point.write.scene].base for point in shares[number]})
        verdicts = []
        for point in shares[number]:
            try:
                verdict = carry_out(stage, point)
            except Exception:  # the other points are told all the same
                verdict = Verdict(point, f"the judge failed: {traceback.format_exc()}")
            verdicts.append(verdict)
            tell(verdict)
        return verdicts

    # One that closes ends every process of this test process, also a run of its neighbour: all close at the end.
    with ExitStack() as theatres, ThreadPoolExecutor(len(shares)) as pool:
        return [verdict for share in pool.map(work, range(len(shares))) for verdict in share]


def _made(directory: Path) -> Path:
    directory.mkdir(parents=True)
    return directory


def summary(verdicts: Sequence[Verdict]) -> str:
    scenes = [SCENES[verdict.point.write.scene] for verdict in verdicts]
    figures = (
        f"{len(verdicts)} points at {len({verdict.point.write for verdict in verdicts})} of {len(WRITES)} writes",
        f"{sum(1 + (verdict.point.victim is Victim.BOTH) for verdict in verdicts)} processes killed",
        f"{sum(each.purchases for each in verdicts)} purchases of {sum(scene.charges for scene in scenes)} wanted",
        f"{sum(each.releases for each in verdicts)} releases of {sum(scene.released for scene in scenes)} marked",
        f"{sum(each.orphans for each in verdicts)} orphans",
        f"at most {max((each.ups for each in verdicts), default=1) - 1} runs to recover",
    )
    return f"kills: {', '.join(figures)}; {sum(bool(each.fault) for each in verdicts)} violations"


def main(arguments: Sequence[str] | None = None) -> int:
    """Give 0 where every point recovered, 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cover", action="store_true", help="each write once, not with every moment and victim")
    parser.add_argument("--only", default="", help="a part of a point's name")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    points = [point for point in (cover() if options.cover else every()) if options.only in str(point)]

    def tell(verdict: Verdict) -> None:
        print(f"{'FAILED' if verdict.fault else 'ok':6} {verdict.seconds:5.1f} s  {verdict.point} {verdict.fault}", flush=True)  # fmt: skip  # noqa: E501

    with tempfile.TemporaryDirectory(prefix="trunkline-kills-") as directory:
        verdicts = perform(points, Path(directory), tell, options.workers)
    print(summary(verdicts))
    return 1 if any(verdict.fault for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
