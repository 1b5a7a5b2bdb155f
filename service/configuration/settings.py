"""Every setting of the service, read once from the environment; nothing else reads it."""

import difflib
import os
import tempfile
from collections.abc import Collection, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_origin
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from service.configuration import urls, values
from service.configuration.env_file import (
    UnreadableEnvFile,
    data_folder_of,
    merged,
    read_env_file,
    read_environ,
    value_of,
)
from service.domain.client_network import Network
from service.domain.colours import parse_colour
from service.domain.delivery.quota import Quota
from service.domain.design import CALM_BLUE
from service.domain.secret_values import token


class SettingsError(ValueError):
    """A setting is missing or invalid. The message is one sentence that names it; it holds no value."""


def _domain_of(mail_from: str) -> str:
    return parseaddr(mail_from)[1].rpartition("@")[2].lower()


def _name_of(mail_from: str) -> str:
    name, address = parseaddr(mail_from)
    return name or address.rpartition("@")[2]


def _database_file(settings: Mapping[str, Any]) -> str:
    return f"sqlite+aiosqlite:///{Path(settings['data']).absolute() / 'trial-alerts.sqlite3'}"


_WebUrl = Annotated[str, AfterValidator(urls.web_url)]


class Settings(BaseSettings):
    """All settings, parsed and frozen. The variable of a field is `ALERTS_` and its name in capitals.

    A field without a default is required. Made by `read`: nothing is read from the environment here.
    """

    model_config = SettingsConfigDict(
        frozen=True, str_strip_whitespace=True, validate_default=False, hide_input_in_errors=True
    )

    data: str = "var"
    database_url: Annotated[str, AfterValidator(urls.database_url)] = Field(
        default_factory=_database_file, repr=False
    )
    database_replica_url: Annotated[str, AfterValidator(urls.replica_url)] = Field("", repr=False)
    redis_url: Annotated[str, AfterValidator(urls.redis_url)] = Field(repr=False)
    smtp_url: Annotated[str, AfterValidator(urls.smtp_url)] = Field(repr=False)
    smtp_connections: int = Field(8, ge=1, le=256)
    smtp_rate: float = Field(0, ge=0, allow_inf_nan=False)
    smtp_quota: Annotated[Quota, BeforeValidator(values.quota)] = Quota(0, 0)
    public_url: Annotated[str, AfterValidator(urls.public_url)]
    website_origins: Annotated[tuple[str, ...], BeforeValidator(urls.origins)] = ()
    secret_keys: Annotated[tuple[str, ...], BeforeValidator(values.secret_keys)] = Field(repr=False)
    webhook_secrets: Annotated[tuple[str, ...], BeforeValidator(values.webhook_secrets)] = Field(repr=False)
    admin_token: Annotated[str, AfterValidator(token)] = Field(repr=False)
    mail_from: Annotated[str, AfterValidator(values.mailbox)]
    mail_domain: Annotated[str, AfterValidator(values.domain)] = Field(
        default_factory=lambda settings: _domain_of(settings["mail_from"])
    )
    postal_address: str
    terms_url: _WebUrl
    privacy_url: _WebUrl
    reply_to: Annotated[str, AfterValidator(values.address)] = ""
    site_name: Annotated[str, AfterValidator(values.name)] = Field(
        default_factory=lambda settings: _name_of(settings["mail_from"])
    )
    site_url: _WebUrl = Field(default_factory=lambda settings: next(iter(settings["website_origins"]), ""))
    site_colour: Annotated[str, AfterValidator(parse_colour)] = CALM_BLUE
    challenge: Annotated[Literal["auto", "always", "off"], BeforeValidator(values.lower_case)] = "auto"
    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(values.networks)] = ()
    run_hold: float = Field(5, ge=0, allow_inf_nan=False)
    canary_address: Annotated[str, AfterValidator(values.canary_address)] = ""
    canary_minutes: int = Field(30, ge=1, le=24 * 60)
    hold_after_hours: int = Field(24, ge=0, le=24 * 365)
    confirm_hours: int = Field(48, ge=1, le=24 * 14)
    log_format: Annotated[Literal["console", "json", "auto"], BeforeValidator(values.lower_case)] = "auto"
    settle_seconds: int = Field(600, ge=0, le=24 * 3600)
    lease_seconds: int = Field(30, ge=3, le=3600)
    signup_limit: int = Field(300, ge=1, le=10**9)
    search_limit: int = Field(600, ge=1, le=10**9)
    keep_events_days: int = Field(30, ge=7, le=3650)
    keep_deliveries_days: int = Field(90, ge=1, le=3650)
    keep_unconfirmed_days: int = Field(7, ge=0, le=365)
    keep_evidence_days: int = Field(1096, ge=30, le=36500)
    ses_topics: Annotated[tuple[str, ...], BeforeValidator(values.sns_topics)] = ()
    postmark_auth: Annotated[str, AfterValidator(token)] = Field("", repr=False)
    sendgrid_key: Annotated[str, AfterValidator(values.public_key)] = ""
    mailgun_key: Annotated[str, AfterValidator(token)] = Field("", repr=False)
    brevo_auth: Annotated[str, AfterValidator(token)] = Field("", repr=False)
    imap_url: Annotated[str, AfterValidator(urls.imap_url)] = Field("", repr=False)
    dkim_key: str = Field("", repr=False)
    dkim_selector: str = ""

    @field_validator("*", mode="wrap")
    @classmethod
    def _skip_empty(cls, value: Any, parse: ValidatorFunctionWrapHandler) -> Any:
        """An empty value comes from `read(only=…)`, for a setting that this command doesn't need."""
        return value if value in ("", ()) else parse(value)

    @model_validator(mode="after")
    def _check_dkim(self) -> Self:
        """Raises ValueError for unusable keys."""
        if bool(self.dkim_key) != bool(self.dkim_selector):
            raise ValueError("ALERTS_DKIM_KEY and ALERTS_DKIM_SELECTOR must be set together")
        if self.dkim_key and self.mail_from:
            from service.mail.message.dkim import load_keys  # loads slowly, and few commands sign

            try:
                load_keys(_domain_of(self.mail_from), self.dkim_selector, self.dkim_key)
            except ValueError as problem:
                raise ValueError(f"ALERTS_DKIM_KEY can't be used: {problem}") from None
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the source of `read`: the library's own sources don't support `_FILE` variables."""
        return (init_settings,)

    @property
    def base_path(self) -> str:
        """The path below which browsers reach the service: "", or such as "/alerts"."""
        return urlsplit(self.public_url or "").path

    @property
    def data_folder(self) -> Path:
        """The folder of the embedded database and of the files of `dev`."""
        return Path(self.data)


def variable_of(name: str) -> str:
    """The environment variable of a field."""
    return "ALERTS_" + name.upper()


class _Variables(PydanticBaseSettingsSource):
    """Reads variables of `environ`, or the files that `…_FILE` variables name."""

    def __init__(self, environ: Mapping[str, str], only: Collection[str] | None) -> None:
        super().__init__(Settings)
        self._environ, self._only = environ, only

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The text of a field, or None. Raises SettingsError for an unreadable file."""
        try:
            text = value_of(variable_of(field_name), self._environ)
        except UnreadableEnvFile as problem:
            raise SettingsError(str(problem)) from None
        if text.strip():
            return text, field_name, False
        if field.is_required() and self._only is not None and field_name not in self._only:
            return () if get_origin(field.annotation) is tuple else "", field_name, False
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """The texts of all given fields."""
        found = {name: self.get_field_value(field, name)[0] for name, field in Settings.model_fields.items()}
        return {name: text for name, text in found.items() if text is not None}


def read(environ: Mapping[str, str], *, only: Collection[str] | None = None) -> Settings:
    """The settings given in `environ`.

    With `only`, fields outside it may be missing (they are then empty), for commands that need few.
    Raises SettingsError, whose message names the setting and what to fix, never its value.
    """
    try:
        return Settings(**_Variables(environ, only)())
    except ValidationError as problem:
        raise SettingsError(_sentence(problem)) from None


#: Messages by pydantic's type of error.
_WRONG = {
    "value_error": "{error}",
    "missing": "is required but not set",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "greater_than_equal": "must be {ge:.0f} or more",
    "less_than_equal": "must be {le:.0f} at most",
    "string_unicode": "must be a text in UTF-8",
    "literal_error": "must be {expected}",
}


def _sentence(problem: ValidationError) -> str:
    """One sentence for the first error, which names the variable."""
    error = problem.errors(include_url=False, include_input=False)[0]
    variable = [variable_of(str(name)) for name in error["loc"]]  # none for what is wrong with two together
    words = _WRONG.get(error["type"], "can't be used").format(**error.get("ctx", {}))
    return " ".join([*variable[:1], words]) + "."


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """The unknown `ALERTS_…` variables, in any case, each with the setting that was probably meant."""
    known = {variable_of(name) + end for name in Settings.model_fields for end in ("", "_FILE")}
    found = []
    for name in sorted(set(environ) - known):
        if name.upper().startswith(("ALERTS_", "ALERT_")):
            near = difflib.get_close_matches(name.upper(), known, 1, cutoff=0.85)
            if not near and not name.startswith("ALERTS_"):
                continue  # another program's
            found.append(f"{name} is no setting" + (f" (perhaps {near[0]}?)" if near else ""))
    return found


def load_environ(*, beside_dev: bool = False) -> dict[str, str]:
    """The process's environment above the `.env` file of the working directory.

    With `beside_dev`, the settings that `trial-alerts dev` wrote into its data folder have the lowest
    precedence, so that commands find the running development system. Raises SettingsError for an `.env` that
    can't be read.
    """
    try:
        environ = read_environ()
        if beside_dev and not environ.keys() & {"ALERTS_DATABASE_URL", "ALERTS_DATABASE_URL_FILE"}:
            environ = merged(read_env_file(data_folder_of(environ) / "dev.env"), environ)
    except UnreadableEnvFile as problem:
        raise SettingsError(str(problem)) from None
    return environ


def export_to_children(variable: str, value: str) -> None:
    """Sets a variable for the processes that this one will start, unless it is set already."""
    os.environ.setdefault(variable, value)


def write_private(path: Path, text: str) -> None:
    """Writes `text` to `path` atomically, readable only by its owner."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name, path)
