"""The keys of numbers.yaml that are fields of LiveKit's egress: what the room of a call records, and where to.

They have LiveKit's names in snake case, and so do the words of its enums. A stream's URL, which holds its key, is a
config secret, as are the credentials of a storage. Fields as of livekit-protocol 1.1.29 (PyPI).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema, model_validator

from trunkline.inventory.shapes import fields as f
from trunkline.inventory.shapes.fields import ABSENT, SecretShape, Shape, refused
from trunkline.inventory.shapes.storage import Given, SecretKey, UploadShape
from trunkline.model.entries import SecretRef


def _fraction(value: object) -> int | float:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and 0 <= value <= 86_400:
        return int(value) if value == int(value) else float(value)
    raise refused("type", "this is no number of seconds", "write a number such as 2 or 2.5")


Whole = Annotated[int, Field(ge=0, le=100_000_000)]
Fraction = Annotated[float, BeforeValidator(_fraction), WithJsonSchema({"type": "number", "minimum": 0})]
Text = f.Value
Preset = Literal[
    "h264_720p_30",
    "h264_720p_60",
    "h264_1080p_30",
    "h264_1080p_60",
    "portrait_h264_720p_30",
    "portrait_h264_720p_60",
    "portrait_h264_1080p_30",
    "portrait_h264_1080p_60",
    "passthrough",
]
VideoCodec = Literal["h264_baseline", "h264_main", "h264_high", "vp8"]


class FileShape(UploadShape):
    """A recording as one file."""

    file_type: Literal["mp4", "ogg", "mp3"] = Field(default=ABSENT, description="Kind of file.")
    filepath: Text = Field(default="", description="Path of the file; {room_name} and {time} are filled in.")
    disable_manifest: bool = Field(default=False, description="Write no manifest beside it.")


class SegmentsShape(UploadShape):
    """A recording as segments with a playlist."""

    protocol: Literal["hls", "hls_fmp4"] = Field(default=ABSENT, description="Kind of segments.")
    filename_prefix: Text = Field(default="", description="Begin of the segments' paths.")
    playlist_name: Text = Field(default="", description="Path of the playlist.")
    live_playlist_name: Text = Field(default="", description="Path of a playlist of the newest segments.")
    segment_duration: Whole = Field(default=0, description="Seconds of a segment.")
    filename_suffix: Literal["index", "timestamp"] = Field(default="index", description="End of the segments' names.")
    disable_manifest: bool = Field(default=False, description="Write no manifest beside them.")


class ImagesShape(UploadShape):
    """Pictures of the room."""

    capture_interval: Whole = Field(default=0, description="Seconds from one picture to the next.")
    width: Whole = Field(default=0, description="Width in pixels.")
    height: Whole = Field(default=0, description="Height in pixels.")
    filename_prefix: Text = Field(default="", description="Begin of the pictures' paths.")
    filename_suffix: Literal["index", "timestamp", "none_overwrite"] = Field(
        default="index", description="End of the pictures' names."
    )
    image_codec: Literal["jpeg"] = Field(default=ABSENT, description="Kind of picture.")
    disable_manifest: bool = Field(default=False, description="Write no manifest beside them.")


class DestinationShape(Shape):
    """One place that a stream goes to."""

    id: Text = Field(default="", description="Name of the place.")
    url: SecretKey = Field(default=ABSENT, description="Its URL, which holds the stream's key.")


class StreamShape(Shape):
    """A stream out of the room."""

    protocol: Literal["rtmp", "srt", "websocket"] = Field(default=ABSENT, description="How it is sent.")
    urls: list[SecretKey] = Field(default_factory=list, max_length=16, description="Where to; a URL holds its key.")
    destinations: list[DestinationShape] = Field(default_factory=list, max_length=16, description="Where to, by name.")


class EncodingShape(Shape):
    """How sound and picture are encoded; 0 is LiveKit's own."""

    width: Whole = Field(default=0, description="Width in pixels.")
    height: Whole = Field(default=0, description="Height in pixels.")
    depth: Whole = Field(default=0, description="Depth of color.")
    framerate: Whole = Field(default=0, description="Pictures a second.")
    audio_codec: Literal["opus", "aac", "mp3"] = Field(default=ABSENT, description="Codec of sound.")
    audio_bitrate: Whole = Field(default=0, description="Kilobits a second of sound.")
    audio_frequency: Whole = Field(default=0, description="Samples a second of sound.")
    audio_quality: Whole = Field(default=0, description="Quality of sound; LiveKit calls it deprecated.")
    video_codec: VideoCodec = Field(default=ABSENT, description="Codec of the picture.")
    video_bitrate: Whole = Field(default=0, description="Kilobits a second of the picture.")
    video_quality: Whole = Field(default=0, description="Quality of the picture; LiveKit calls it deprecated.")
    key_frame_interval: Fraction = Field(default=0, description="Seconds between key frames.")


class EncodedShape(Given):
    """What is encoded, by a preset or in detail."""

    preset: Preset = Field(default=ABSENT, description="Encoding by one of LiveKit's presets.")
    advanced: EncodingShape = Field(default=ABSENT, description="Encoding in detail.")
    file_outputs: list[FileShape] = Field(default_factory=list, max_length=16, description="Files.")
    segment_outputs: list[SegmentsShape] = Field(default_factory=list, max_length=16, description="Segments.")

    @model_validator(mode="after")
    def _one_encoding(self) -> Self:
        self.one_of("preset", "advanced")
        return self

    def demand_output(self, *keys: str) -> None:
        """Refuse what is written nowhere."""
        if not any(getattr(self, key) for key in keys):
            raise refused("egress", "it has no output", f"add `{keys[0]}:`, say")


class FiltersShape(Shape):
    """Which events are told."""

    include_events: list[Text] = Field(default_factory=list, max_length=100, description="These alone.")
    exclude_events: list[Text] = Field(default_factory=list, max_length=100, description="All but these.")


class WebhookShape(Shape):
    """Who is told of the recording."""

    url: Text = Field(default="", description="URL that is called.")
    signing_key: Text = Field(default="", description="LiveKit API key, by its id, that signs the calls.")
    filter_params: FiltersShape = Field(default=ABSENT, description="Which events are told.")


class RoomEgressShape(EncodedShape):
    """A recording of the whole room."""

    layout: Text = Field(default="", description="Layout of the picture.")
    audio_only: bool = Field(default=False, description="Record no picture.")
    audio_mixing: Literal["dual_channel_agent", "dual_channel_alternate"] = Field(
        default=ABSENT, description="The agent in one channel and callers in the other, or each in turn."
    )
    video_only: bool = Field(default=False, description="Record no sound.")
    custom_base_url: Text = Field(default="", description="URL of a template of the picture.")
    file: FileShape = Field(default=ABSENT, description="One file; LiveKit prefers `file_outputs`.")
    stream: StreamShape = Field(default=ABSENT, description="One stream; LiveKit prefers `stream_outputs`.")
    segments: SegmentsShape = Field(default=ABSENT, description="Segments; LiveKit prefers `segment_outputs`.")
    stream_outputs: list[StreamShape] = Field(default_factory=list, max_length=16, description="Streams.")
    image_outputs: list[ImagesShape] = Field(default_factory=list, max_length=16, description="Pictures.")
    webhooks: list[WebhookShape] = Field(default_factory=list, max_length=16, description="Who is told of it.")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.one_of("file", "stream", "segments")
        outputs = ("file_outputs", "stream_outputs", "segment_outputs", "image_outputs", "file", "stream", "segments")
        self.demand_output(*outputs)
        return self


class ParticipantEgressShape(EncodedShape):
    """A recording of each participant."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.demand_output("file_outputs", "segment_outputs")
        return self


class TracksEgressShape(UploadShape):
    """A recording of each track, as it is sent."""

    filepath: Text = Field(default="", description="Path of the file; {track_id} and {time} are filled in.")
    disable_manifest: bool = Field(default=False, description="Write no manifest beside it.")


class EgressShape(Shape):
    """What the room of a call records."""

    room: RoomEgressShape = Field(default=ABSENT, description="The whole room.")
    participant: ParticipantEgressShape = Field(default=ABSENT, description="Each participant.")
    tracks: TracksEgressShape = Field(default=ABSENT, description="Each track.")


def value(given: Any) -> Any:
    """Give what is said as LiveKit gives it back: sorted, and without what is so when nothing is said."""
    if isinstance(given, SecretShape):
        return SecretRef(given.secret)
    if isinstance(given, BaseModel):
        return dict(_said(given))
    if isinstance(given, list):
        return tuple(map(value, given))
    return dict(sorted(given.items())) if isinstance(given, dict) else given


def _said(given: BaseModel) -> Iterator[tuple[str, Any]]:
    for key in sorted(given.model_fields_set):
        item = getattr(given, key)
        if item != type(given).model_fields[key].get_default(call_default_factory=True):
            yield key, value(item)


def nested(shape: type[BaseModel] = EgressShape) -> dict[str, type[BaseModel]]:
    """Give key -> the shape of what stands below it, of all keys that have one."""
    found: dict[str, type[BaseModel]] = {}
    for key, field in shape.model_fields.items():
        inner = next(iter(get_args(field.annotation)), field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel) and inner is not SecretShape:
            found |= {key: inner, **nested(inner)}
    return found
