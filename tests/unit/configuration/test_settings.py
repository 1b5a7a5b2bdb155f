"""Settings: each variable, its file, its default; an error is one sentence that names the variable."""

from email.utils import parseaddr
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.configuration.settings import (
    Settings,
    SettingsError,
    load_environ,
    read,
    unknown_variables,
    variable_of,
)
from tests.conftest import ENVIRONMENT

HERE = ENVIRONMENT | {"ALERTS_REDIS_URL": "redis://127.0.0.1:1"}
REQUIRED = [name for name, field in Settings.model_fields.items() if field.is_required()]


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        read(environ)
    return str(refused.value)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("SMTP_CONNECTIONS", "many", "must be a whole number"),
        ("SMTP_CONNECTIONS", "1.5", "must be a whole number"),
        ("SMTP_CONNECTIONS", "9" * 5000, "must be a whole number"),
        ("SMTP_CONNECTIONS", "0", "must be 1 or more"),
        ("SMTP_CONNECTIONS", "257", "must be 256 at most"),
        ("SEARCH_LIMIT", "1000000001", "must be 1000000000 at most"),
        ("SMTP_RATE", "fast", "must be a number"),
        ("SMTP_RATE", "inf", "must be a number"),
        ("RUN_HOLD", "nan", "must be a number"),
        ("RUN_HOLD", "-1", "must be 0 or more"),
        ("CHALLENGE", "sometimes", "must be 'auto', 'always' or 'off'"),
        ("MAIL_FROM", "nobody", "must be a sender such as: Example Trials <updates@example.org>"),
        ("MAIL_DOMAIN", "-.org", "must be a domain such as mail.example.org"),
        ("TRUSTED_PROXIES", "10.0.0.0/64", "must hold networks such as 10.0.0.0/8"),
        ("WEBSITE_ORIGINS", "www.example.org", "must hold origins such as https://www.example.org"),
        ("PUBLIC_URL", "https://example.org/?a", "must be a host with, at most, a plain path, such as "
         "https://www.example.org/alerts"),
        ("TERMS_URL", "ftp://example.org", "must be a URL that begins with http:// or https://"),
        ("POSTAL_ADDRESS", "\udcff street", "must be a text in UTF-8"),
        ("POSTAL_ADDRESS", " ", "is required but not set"),
    ],
)  # fmt: skip
def test_an_invalid_value_is_refused_in_one_sentence(variable: str, value: str, sentence: str) -> None:
    assert refusal(HERE | {"ALERTS_" + variable: value}) == f"ALERTS_{variable} {sentence}."


@pytest.mark.parametrize(
    ("variable", "value", "beginning"),
    [
        ("PUBLIC_URL", "https://me@example.org", "must be a host with, at most, a plain path"),
        ("PUBLIC_URL", "https://exam\nple.org", "must be a host with, at most, a plain path"),
        ("PUBLIC_URL", "https://a..org", "must be a host with, at most, a plain path"),
        ("TERMS_URL", "https://", "must name a host"),
        ("TERMS_URL", "https://example.org/the terms", "must be a URL in ASCII without blanks"),
        ("PRIVACY_URL", "https://straße.de/", "must be a URL in ASCII without blanks"),
        ("SITE_URL", "https://example.org/<b>", "must be a URL in ASCII without blanks"),
        ("WEBSITE_ORIGINS", "https://www.example.org/page", "must hold origins such as"),
        ("WEBSITE_ORIGINS", "https://me@www.example.org", "must hold origins such as"),
        ("WEBSITE_ORIGINS", "https://www.example.org#x", "must hold origins such as"),
        ("WEBSITE_ORIGINS", "https://a.org:99999", "must hold origins such as"),
        ("WEBSITE_ORIGINS", "https://*.example.org", "must hold origins with a host in ASCII and without *"),
        ("MAIL_FROM", "a@example.org, b@example.org", "must be a sender such as"),
        ("MAIL_FROM", "a@example.org, B <b@example.org>", "must be a sender such as"),
        ("MAIL_FROM", "A <a@exämple.org>", "must be a sender such as"),
        ("MAIL_FROM", "A <a@b..org>", "must be a sender such as"),
        ("MAIL_FROM", "A <a@[192.0.2.1]>", "must be a sender such as"),
        ("MAIL_FROM", "A <a@b.org> x", "must be a sender such as"),
        ("MAIL_DOMAIN", "mail-.example.org", "must be a domain such as mail.example.org"),
        ("REPLY_TO", "a@-b.org", "must be an address such as questions@example.org"),
        ("CANARY_ADDRESS", "c+{kind}@example.org", "must be an address such as canary@mail.example.org"),
        ("DATABASE_URL", "mysql://example.org/x", "must be a URL that begins with sqlite://"),
        ("DATABASE_URL", "postgresql://example.org:port/x", "must be a URL with a valid host and port"),
        ("DATABASE_URL", "postgresql://example.org:54321000/x", "must be a URL with a valid host and port"),
        ("DATABASE_URL", "sqlite+pysqlite:///x", "must not name another driver"),
        ("DATABASE_URL", "sqlite://", "must name a file"),
        ("DATABASE_REPLICA_URL", "sqlite:///x", "must be a URL that begins with postgresql://"),
        ("REDIS_URL", "redis://example.org/one", "must end with the number of its database"),
        ("REDIS_URL", "redis://example.org/1?db=x", "has an option after ? that is unknown"),
        ("REDIS_URL", "redis://example.org?colour=red", "has an option after ? that is unknown"),
        ("REDIS_URL", "rediss://example.org?ssl_cert_reqs=perhaps", "has an option after ? that is unknown"),
        ("REDIS_URL", "rediss://example.org?ssl_ca_certs=/missing.pem", "names a certificate or key after ?"),
        ("SMTP_URL", "smtp://me@example.org", "can't be used: the SMTP URL names a user without a password"),
    ],
)
def test_an_ambiguous_or_unusable_value_stops_the_start(variable: str, value: str, beginning: str) -> None:
    words = refusal(HERE | {"ALERTS_" + variable: value})
    assert words.startswith(f"ALERTS_{variable} {beginning}")
    assert len(value) < 12 or value not in words


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_setting_that_is_missing_is_named(name: str) -> None:
    environ = {key: value for key, value in HERE.items() if key != variable_of(name)}
    assert refusal(environ) == f"{variable_of(name)} is required but not set."
    others = set(REQUIRED) - {name}
    assert getattr(read(environ, only=others), name) in ("", ())
    assert read(environ | {variable_of(name): "  "}, only=others) == read(environ, only=others)


def test_no_setting_is_required_if_none_is_read() -> None:
    settings = read({}, only=())
    assert {getattr(settings, name) for name in REQUIRED} == {"", ()}
    assert (settings.mail_domain, settings.smtp_connections, settings.website_origins) == ("", 8, ())


def test_values_are_parsed() -> None:
    settings = read(
        HERE
        | {
            "ALERTS_SMTP_CONNECTIONS": " 12 ",
            "ALERTS_SMTP_RATE": "2.5",
            "ALERTS_CHALLENGE": " ALWAYS",
            "ALERTS_MAIL_FROM": " Example <a@Mail.Example.ORG> ",
            "ALERTS_PUBLIC_URL": "https://www.example.org/alerts/",
            "ALERTS_WEBSITE_ORIGINS": "https://A.example.org/, https://b.example.org",
            "ALERTS_TRUSTED_PROXIES": "10.1.2.3/8,::ffff:192.0.2.0/120",
            "ALERTS_DATABASE_URL": "",
            "ALERTS_DATA": "/somewhere",
        }
    )
    assert (settings.smtp_connections, settings.smtp_rate, settings.challenge) == (12, 2.5, "always")
    assert (settings.mail_from, settings.mail_domain) == ("Example <a@Mail.Example.ORG>", "mail.example.org")
    assert (settings.public_url, settings.base_path) == ("https://www.example.org/alerts", "/alerts")
    assert settings.website_origins == ("https://a.example.org", "https://b.example.org")
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "192.0.2.0/24"]
    assert settings.database_url == "sqlite+aiosqlite:////somewhere/trial-alerts.sqlite3"


@pytest.mark.parametrize("name", ["Acme, Inc.", "Ärzte; Zürich", "Studies: updates", '"Acme, Inc."'])
def test_a_sender_may_have_a_comma_in_the_name_with_or_without_quotes(name: str) -> None:
    settings = read(HERE | {"ALERTS_MAIL_FROM": f"{name} <updates@example.org>"})
    assert parseaddr(settings.mail_from) == (name.strip('"'), "updates@example.org")
    assert (settings.site_name, settings.mail_domain) == (name.strip('"'), "example.org")


@pytest.mark.parametrize(
    ("text", "quota"), [("0", (0, 0)), (" 00 ", (0, 0)), ("0/0", (0, 0)), (" 5 / 900", (5, 900))]
)
def test_a_quota_of_zero_alone_is_no_limit(text: str, quota: tuple[int, int]) -> None:
    assert read(HERE | {"ALERTS_SMTP_QUOTA": text}).smtp_quota == quota


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_each_setting_may_come_from_a_file_that_overrides_its_variable(name: str, tmp_path: Path) -> None:
    variable = variable_of(name)
    both = HERE | {"ALERTS_DKIM_KEY": "", "ALERTS_DKIM_SELECTOR": ""}
    plain = read(both)
    value = getattr(plain, name)
    if not value or name in ("data", "database_url", "website_origins", "trusted_proxies"):
        return
    if name == "smtp_quota":
        value = ["/".join(map(str, value))]
    text = ",".join(value) if isinstance(value, tuple | list) else str(value)
    (tmp_path / "value").write_text(f"{text}\n", encoding="utf-8")
    assert read(both | {variable: "\0", variable + "_FILE": str(tmp_path / "value")}) == plain
    words = f"{variable}_FILE names a file that can't be read."
    assert refusal(both | {variable + "_FILE": str(tmp_path / "none")}) == words
    (tmp_path / "value").write_bytes(b"\xff")
    assert refusal(both | {variable + "_FILE": str(tmp_path / "value")}) == words


@given(st.sampled_from(sorted(Settings.model_fields)), st.text())
def test_any_text_is_accepted_or_refused_in_one_sentence(name: str, value: str) -> None:
    words = "ALERTS_."
    try:
        read(HERE | {variable_of(name): value})
    except SettingsError as refused:
        words = str(refused)
    assert words.startswith("ALERTS_DKIM" if "dkim" in name else variable_of(name)) or words == "ALERTS_."
    assert words.endswith(".")


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://www.example.org:443", "https://www.example.org"),
        ("http://www.example.org:80/", "http://www.example.org"),
        ("HTTPS://WWW.Example.org:", "https://www.example.org"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://web_1:8000", "http://web_1:8000"),
    ],
)
def test_an_origin_is_as_browsers_send_it(given: str, sent: str) -> None:
    settings = read(HERE | {"ALERTS_WEBSITE_ORIGINS": given, "ALERTS_PUBLIC_URL": given})
    assert (settings.website_origins, settings.public_url) == ((sent,), sent)


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "name").write_text("\ufeffExample\r\n", encoding="utf-8")
    assert read(HERE | {"ALERTS_SITE_NAME_FILE": str(tmp_path / "name")}).site_name == "Example"
    assert refusal(HERE | {"ALERTS_SITE_NAME_FILE": "a\0b"}).startswith("ALERTS_SITE_NAME_FILE names a file")


def test_no_line_of_the_env_file_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALERTS_SITE_NAME", raising=False)
    assert "ALERTS_SITE_NAME" not in load_environ()
    file = tmp_path / ".env"
    file.write_text("\ufeffALERTS_SITE_NAME='Example'\nif other; then\n", encoding="utf-8")
    assert load_environ()["ALERTS_SITE_NAME"] == "Example"
    for content in (b"X=1\nALERTS_SITE_NAME='Example\n", b"ALERTS_SITE_NAME=\xe9\n"):
        file.write_bytes(content)
        with pytest.raises(SettingsError, match=r"^\.env can't be read") as refused:
            load_environ()
        assert "Example" not in str(refused.value)


def test_an_env_file_that_the_system_does_not_give_is_not_called_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that belongs to another user; this one can't be read by anybody."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").symlink_to("/proc/self/mem")
    with pytest.raises(SettingsError, match=r"^\.env can't be read: input/output error\.$"):
        load_environ()


@pytest.mark.parametrize("below", ["ALERTS_SITE_NAME", "ALERTS_SITE_NAME_FILE"])
@pytest.mark.parametrize("above", ["ALERTS_SITE_NAME", "ALERTS_SITE_NAME_FILE"])
def test_the_environment_counts_above_the_env_file_in_whichever_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str, above: str
) -> None:
    monkeypatch.chdir(tmp_path)
    forms = {}
    for name in ("below", "above"):
        (tmp_path / name).write_text(name)
        forms[name] = {"ALERTS_SITE_NAME": name, "ALERTS_SITE_NAME_FILE": str(tmp_path / name)}
    (tmp_path / ".env").write_text(f"{below}={forms['below'][below]}\nALERTS_SITE_COLOUR=#123456\n")
    monkeypatch.setenv(above, forms["above"][above])
    settings = read(HERE | load_environ())
    assert (settings.site_name, settings.site_colour) == ("above", "#123456")


def test_a_production_database_in_a_file_is_not_mixed_with_a_development_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERTS_DATA", str(tmp_path))
    (tmp_path / "dev.env").write_text("ALERTS_SITE_NAME=Development\n")
    monkeypatch.delenv("ALERTS_SITE_NAME", raising=False)
    assert load_environ(beside_dev=True)["ALERTS_SITE_NAME"] == "Development"
    monkeypatch.setenv("ALERTS_DATABASE_URL_FILE", "database-url")
    assert "ALERTS_SITE_NAME" not in load_environ(beside_dev=True)


def test_settings_are_frozen_and_print_no_secret() -> None:
    settings = read(HERE)
    with pytest.raises(ValidationError):
        settings.smtp_rate = 3
    for secret in (*settings.secret_keys, *settings.webhook_secrets, settings.admin_token):
        assert secret not in repr(settings) + str(settings)


def test_the_process_environment_is_read_through_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTS_SMTP_RATE", "77")
    monkeypatch.setenv("SMTP_RATE", "77")
    assert read(HERE).smtp_rate == 0


def test_a_misspelt_variable_is_named_with_the_one_that_was_meant() -> None:
    environ = HERE | {"ALERTS_SMTP_RAET": "1", "ALERTS_SMTP_URL_FILE": "x", "ALERTS_ZZ": "1", "OTHER": "1"}
    environ |= {"alerts_smtp_quota": "1", "ALERT_MAIL_FROM": "1", "ALERT_LEVEL": "1"}
    assert unknown_variables(environ) == [
        "ALERTS_SMTP_RAET is no setting (perhaps ALERTS_SMTP_RATE?)",
        "ALERTS_ZZ is no setting",
        "ALERT_MAIL_FROM is no setting (perhaps ALERTS_MAIL_FROM?)",
        "alerts_smtp_quota is no setting (perhaps ALERTS_SMTP_QUOTA?)",
    ]
