"""A recording of every kind: as the file says it, and as LiveKit has it."""

from __future__ import annotations

from tests.support.world import SECRETS

SAID = (
    "{room: {audio_only: true, audio_mixing: dual_channel_agent, file_outputs: [{file_type: ogg,"
    ' filepath: "calls/{time}.ogg", s3: {access_key: {secret: ukOfficePassword}, secret: {secret: twilioTermination},'
    " bucket: calls, region: eu-west-1}}], stream_outputs: [{protocol: rtmp, urls: [{secret: twilioSipPassword}]}],"
    " advanced: {audio_codec: opus, key_frame_interval: 2.5}},"
    " tracks: {disable_manifest: true, gcp: {bucket: tracks, credentials: {secret: ukOfficePassword}}}}"
)
HELD = {
    "room": {
        "audio_only": True,
        "audio_mixing": "DUAL_CHANNEL_AGENT",
        "file_outputs": [
            {
                "file_type": "OGG",
                "filepath": "calls/{time}.ogg",
                "s3": {
                    "access_key": SECRETS["ukOfficePassword"],
                    "secret": SECRETS["twilioTermination"],
                    "bucket": "calls",
                    "region": "eu-west-1",
                },
            }
        ],
        "stream_outputs": [{"protocol": "RTMP", "urls": [SECRETS["twilioSipPassword"]]}],
        "advanced": {"audio_codec": "OPUS", "key_frame_interval": 2.5},
    },
    "tracks": {"disable_manifest": True, "gcp": {"bucket": "tracks", "credentials": SECRETS["ukOfficePassword"]}},
}
