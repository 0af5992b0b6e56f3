"""The keys of numbers.yaml that say where LiveKit's egress writes to, and with which credentials.

What LiveKit's protocol marks as secret is a config secret. Fields as of livekit-protocol 1.1.29 (PyPI).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, WithJsonSchema, WrapValidator, model_validator

from trunkline.inventory.shapes import fields as f
from trunkline.inventory.shapes.fields import ABSENT, SecretShape, Shape, refused


def _secret_alone(value: Any, _: Callable[[Any], Any]) -> SecretShape:
    """Take the name of a config secret; what stands there otherwise may be the secret, and is shown nowhere."""
    try:
        return SecretShape.model_validate(value)
    except ValidationError:
        fix = (
            "write {secret: someName} and set it with `pulumi config set --secret trunkline:someName`;"
            " change one that was ever committed"
        )
        raise refused("literal-secret", "a secret is never written here", fix) from None


SecretKey = Annotated[
    SecretShape,
    WrapValidator(_secret_alone),
    WithJsonSchema({"type": "object", "required": ["secret"], "properties": {"secret": {"type": "string"}}}),
]
Text = f.Value


class ProxyShape(Shape):
    """A proxy between LiveKit and the storage."""

    url: Text = Field(default="", description="URL of the proxy, without a user.")
    username: Text = Field(default="", description="User of the proxy.")
    password: SecretKey = Field(default=ABSENT, description="That user's password.")


class S3Shape(Shape):
    """A bucket of S3, or of what speaks like it."""

    access_key: SecretKey = Field(default=ABSENT, description="Id of the access key.")
    secret: SecretKey = Field(default=ABSENT, description="The access key's secret.")
    session_token: SecretKey = Field(default=ABSENT, description="Token of a temporary access key.")
    assume_role_arn: Text = Field(default="", description="Role that LiveKit takes to write.")
    assume_role_external_id: SecretKey = Field(default=ABSENT, description="External id of taking that role.")
    region: Text = Field(default="", description="Region of the bucket.")
    endpoint: Text = Field(default="", description="Endpoint, where it is not Amazon's.")
    bucket: Text = Field(default="", description="Name of the bucket.")
    force_path_style: bool = Field(default=False, description="Put the bucket into the path, not into the host.")
    metadata: dict[f.Label, Text] = Field(default_factory=dict, description="Metadata of what is written.")
    tagging: Text = Field(default="", description="Tags of what is written: a=b&c=d.")
    content_disposition: Text = Field(default="", description="Content-Disposition of what is written.")
    proxy: ProxyShape = Field(default=ABSENT, description="A proxy on the way.")


class GcpShape(Shape):
    """A bucket of Google Cloud Storage."""

    credentials: SecretKey = Field(default=ABSENT, description="The service account's credentials.json.")
    bucket: Text = Field(default="", description="Name of the bucket.")
    proxy: ProxyShape = Field(default=ABSENT, description="A proxy on the way.")


class AzureShape(Shape):
    """A container of Azure Blob Storage."""

    account_name: Text = Field(default="", description="Name of the storage account.")
    account_key: SecretKey = Field(default=ABSENT, description="Key of the storage account.")
    container_name: Text = Field(default="", description="Name of the container.")


class AliOssShape(Shape):
    """A bucket of Alibaba Cloud OSS."""

    access_key: SecretKey = Field(default=ABSENT, description="Id of the access key.")
    secret: SecretKey = Field(default=ABSENT, description="The access key's secret.")
    region: Text = Field(default="", description="Region of the bucket.")
    endpoint: Text = Field(default="", description="Endpoint of OSS.")
    bucket: Text = Field(default="", description="Name of the bucket.")


class Given(Shape):
    """What has keys of which LiveKit takes one."""

    def one_of(self, *keys: str) -> None:
        """Refuse several of them."""
        given = [key for key in keys if key in self.model_fields_set]
        if len(given) > 1:
            raise refused("one-of", f"it has {' and '.join(given)}, of which LiveKit takes one", "keep one of them")


class UploadShape(Given):
    """Where something is written to: without a storage of its own, where LiveKit's egress writes by itself."""

    s3: S3Shape = Field(default=ABSENT, description="A bucket of S3.")
    gcp: GcpShape = Field(default=ABSENT, description="A bucket of Google Cloud Storage.")
    azure: AzureShape = Field(default=ABSENT, description="A container of Azure Blob Storage.")
    ali_oss: AliOssShape = Field(default=ABSENT, description="A bucket of Alibaba Cloud OSS.")

    @model_validator(mode="after")
    def _one_storage(self) -> Self:
        self.one_of("s3", "gcp", "azure", "ali_oss")
        return self
