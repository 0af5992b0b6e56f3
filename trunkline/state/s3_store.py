"""A backend in a bucket: `s3://BUCKET/PREFIX?region=…&endpoint=…`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from trunkline.state.store import Broken, Unreachable, Version

_TIMEOUT = 10.0  # seconds, to connect and to read


class S3Store:
    """Objects of one bucket below a prefix, through boto3's client."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    @classmethod
    def open(cls, url: str) -> S3Store:
        """Take the URL as Pulumi does: gocloud's options and those of its older versions (Pulumi 3.274.1)."""
        import boto3  # 0.3 s to import, and only those with a bucket need it
        from botocore.config import Config

        parts = urlsplit(url)
        options = {name.lower(): value for name, value in parse_qsl(parts.query)}
        path_style = options.get("s3forcepathstyle", options.get("use_path_style", "")) == "true"
        session = boto3.Session(profile_name=options.get("awssdkprofile") or options.get("profile"))
        client = session.client(
            "s3",
            region_name=options.get("region"),
            endpoint_url=_endpoint(options),
            config=Config(
                connect_timeout=_TIMEOUT,
                read_timeout=_TIMEOUT,
                retries={"mode": "standard", "max_attempts": 2},
                s3={"addressing_style": "path" if path_style else "auto"},
            ),
        )
        prefix = parts.path.strip("/")
        return cls(client, parts.netloc, f"{prefix}/" if prefix else "")

    def versions(self, prefix: str) -> Mapping[str, Version]:
        found: dict[str, Version] = {}
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix, Delimiter="/"
            )
            for page in pages:
                for item in page.get("Contents", ()):
                    # The ETag tells two writes of one second apart.
                    key = item["Key"].removeprefix(self._prefix)
                    found[key] = Version(item["LastModified"].timestamp(), item["ETag"])
        except _failures() as error:
            raise Unreachable(f"the bucket cannot be listed: {_reason(error)}") from None
        return found

    def read(self, key: str) -> bytes:
        try:
            body: bytes = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            raise Broken(f"{key} is gone") from None
        except _failures() as error:
            raise Unreachable(f"{key} cannot be read: {_reason(error)}") from None
        return body

    def close(self) -> None:
        self._client.close()


def _endpoint(options: Mapping[str, str]) -> str | None:
    endpoint = options.get("endpoint", "")
    if not endpoint or "://" in endpoint:
        return endpoint or None
    insecure = "true" in (options.get("disablessl"), options.get("disable_https"))
    return f"{'http' if insecure else 'https'}://{endpoint}"


def _failures() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

    return (BotoCoreError, ClientError, HTTPClientError)


def _reason(error: Exception) -> str:
    # A message of botocore can hold the endpoint's URL; its class or the service's code says enough.
    response = getattr(error, "response", None)
    return str(response["Error"].get("Code", "")) if isinstance(response, dict) else type(error).__name__
