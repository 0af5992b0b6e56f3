"""A backend in a bucket of Google Cloud (`gs://BUCKET/PREFIX`) or a container of Azure (`azblob://CONTAINER/PREFIX`).

Credentials are looked for as Pulumi does, whose own library reads the same variables (gocloud.dev 0.43, and
pkg/authhelpers of Pulumi 3.274.1 for Google's).
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from trunkline.state.store import Broken, Unreachable, Version

if TYPE_CHECKING:
    from obstore.store import AzureConfig, AzureStore, GCSConfig, GCSStore

_TIMEOUT = timedelta(seconds=10)  # to connect, and for a whole answer
_EMULATED = "devstoreaccount1"  # the account that Azure's local emulators have


class ObjectStore:
    """Objects of one bucket below a prefix, through obstore's client."""

    def __init__(self, client: GCSStore | AzureStore, prefix: str) -> None:
        self._client, self._prefix = client, prefix

    @classmethod
    def open(cls, url: str, environ: Mapping[str, str]) -> ObjectStore:
        """Take the URL as Pulumi does, with gocloud's options."""
        from obstore import store  # only those with such a bucket need it

        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        prefix = parts.path.strip("/")
        retry: Any = {"max_retries": 1, "retry_timeout": 2 * _TIMEOUT}
        client: Any = {"connect_timeout": _TIMEOUT, "timeout": _TIMEOUT}
        if parts.scheme == "gs":
            google = _google(options, environ)
            client["allow_http"] = google.get("base_url", "").lower().startswith("http:")
            bucket: GCSStore | AzureStore = store.GCSStore(
                parts.netloc, config=google, client_options=client, retry_config=retry
            )
        else:
            azure = _azure(options, environ)
            client["allow_http"] = azure.get("endpoint", "").lower().startswith("http:")
            bucket = store.AzureStore(parts.netloc, config=azure, client_options=client, retry_config=retry)
        return cls(bucket, f"{prefix}/" if prefix else "")

    def versions(self, prefix: str) -> Mapping[str, Version]:
        from obstore.exceptions import BaseError, NotFoundError

        folder = prefix.rpartition("/")[0]
        try:
            listed = self._client.list_with_delimiter(self._prefix + folder)
        except NotFoundError:
            raise Unreachable("the bucket does not exist") from None
        except BaseError as error:
            raise Unreachable(f"the bucket cannot be listed: {_reason(error)}") from None
        found: dict[str, Version] = {}
        for item in listed["objects"]:
            key = item["path"].removeprefix(self._prefix)
            if key.startswith(prefix):
                # The ETag tells two writes of one second apart.
                found[key] = Version(item["last_modified"].timestamp(), item["e_tag"] or item["version"] or "")
        return found

    def read(self, key: str) -> bytes:
        from obstore.exceptions import BaseError, NotFoundError

        try:
            return bytes(self._client.get(self._prefix + key).bytes())
        except (NotFoundError, FileNotFoundError):
            raise Broken(f"{key} is gone") from None
        except BaseError as error:
            raise Unreachable(f"{key} cannot be read: {_reason(error)}") from None

    def close(self) -> None:
        pass


def _google(options: Mapping[str, str], environ: Mapping[str, str]) -> GCSConfig:
    """Find credentials: Pulumi's own variables, an emulator, else what the library finds (gcloud's, the machine's)."""
    emulator = environ.get("STORAGE_EMULATOR_HOST", "")
    if emulator:
        return {"base_url": emulator if "://" in emulator else f"http://{emulator}", "skip_signature": True}
    found: GCSConfig = {}
    if environ.get("GOOGLE_BASE_URL"):  # the library's own variable, for a private endpoint
        found["base_url"] = environ["GOOGLE_BASE_URL"]
    if options.get("anonymous") == "true":
        found["skip_signature"] = True
    elif environ.get("GOOGLE_OAUTH_ACCESS_TOKEN"):
        found["bearer_token"] = environ["GOOGLE_OAUTH_ACCESS_TOKEN"]
    elif environ.get("GOOGLE_CREDENTIALS"):
        found["service_account_key"] = environ["GOOGLE_CREDENTIALS"]
    elif environ.get("GOOGLE_APPLICATION_CREDENTIALS"):
        found["application_credentials"] = environ["GOOGLE_APPLICATION_CREDENTIALS"]
    return found


def _azure(options: Mapping[str, str], environ: Mapping[str, str]) -> AzureConfig:
    """Find the account and its credentials: a key, a token for the container, else what the library finds."""
    stated = _stated(environ)
    local = "true" in (options.get("localemu"), environ.get("AZURE_STORAGE_IS_LOCAL_EMULATOR"))
    account = options.get("storage_account") or environ.get("AZURE_STORAGE_ACCOUNT") or stated.get("AccountName", "")
    protocol = options.get("protocol") or environ.get("AZURE_STORAGE_PROTOCOL") or ("http" if local else "https")
    domain = options.get("domain") or environ.get("AZURE_STORAGE_DOMAIN") or "blob.core.windows.net"
    host = f"{domain}/{account or _EMULATED}" if local else f"{account}.{domain}"
    found: AzureConfig = {
        "account_name": account or (_EMULATED if local else ""),
        "endpoint": stated.get("BlobEndpoint") or f"{protocol}://{host}",
    }
    key = environ.get("AZURE_STORAGE_KEY") or stated.get("AccountKey", "")
    token = environ.get("AZURE_STORAGE_SAS_TOKEN") or stated.get("SharedAccessSignature", "")
    if key:
        found["account_key"] = key
    elif token:
        found["sas_key"] = token.removeprefix("?")
    elif not any(environ.get(name) for name in _AMBIENT) and shutil.which("az", path=environ.get("PATH")):
        found["use_azure_cli"] = True
    return found


# What the library takes before it asks the machine who it is.
_AMBIENT = ("AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "IDENTITY_ENDPOINT", "MSI_ENDPOINT")


def _stated(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Read Azure's connection string: `Name=Value;…`."""
    text = environ.get("AZURE_STORAGE_CONNECTION_STRING") or environ.get("AZURE_STORAGEBLOB_CONNECTIONSTRING") or ""
    return {name: value for name, _, value in (part.partition("=") for part in text.split(";")) if value}


def _reason(error: Exception) -> str:
    # Its text can quote a URL with a token, so its class alone is passed on.
    return type(error).__name__.removesuffix("Error").lower() or "error"
