"""Settings: a process starts only with what it needs, and says by name what is missing."""

from __future__ import annotations

import base64
import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.config import ConfigError, database_url, load
from libs.contracts.services import BY_NAME
from libs.signing_keys import strength, weakness
from tests.support.production import PRODUCTION

ENV = PRODUCTION
GOOD = ENV["SECRET_KEY"]


@pytest.mark.requirement("25.5")
def test_a_missing_secret_key_refuses_to_start_and_is_named():
    assert load("roster", ENV).secret_key == GOOD

    with pytest.raises(ConfigError, match="SECRET_KEY is not set"):
        load("roster", ENV | {"SECRET_KEY": ""})


NEEDED = {
    "SECRET_KEY": set(BY_NAME),
    "REDIS_URL": set(BY_NAME),
    "DATABASE_URL": set(BY_NAME) - {"gateway", "sockets"},
    "PUBLIC_URL": {"gateway", "auth"},
    "ALLOWED_HOSTS": {"gateway"},
    "CORS_ALLOWED_ORIGINS": {"gateway", "sockets"},
    "TRUSTED_HOPS": {"gateway"},
    "CLOUDINARY_URL": {"media"},
    "SMTP_HOST": {"worker"},
}


@pytest.mark.requirement("25.4")
@pytest.mark.parametrize("environment", ["production", "staging"])
@pytest.mark.parametrize("service", BY_NAME)
def test_every_missing_variable_is_named_in_one_message_to_whom_it_concerns(service, environment):
    with pytest.raises(ConfigError) as refused:
        load(service, {"RGMS_ENV": environment})

    needed = {name for name, services in NEEDED.items() if service in services}
    assert {problem.split()[0] for problem in refused.value.problems} == needed
    assert all(f"{name} is not set" in str(refused.value) for name in needed)


@pytest.mark.requirement("25.4")
@pytest.mark.parametrize("value", [None, "", "  "])
@pytest.mark.parametrize(("name", "service"), [(name, service) for name, whose in NEEDED.items() for service in sorted(whose)])
def test_each_missing_variable_alone_keeps_the_process_from_starting(name, service, value):
    load(service, ENV)
    without = {key: kept for key, kept in ENV.items() if key != name} | ({} if value is None else {name: value})

    with pytest.raises(ConfigError, match=f"^RGMS cannot start: {name} is not set"):
        load(service, without)


@pytest.mark.parametrize(
    ("service", "without", "instead"), [("media", "CLOUDINARY_URL", "MEDIA_STORE"), ("worker", "SMTP_HOST", "MAIL")]
)
def test_what_is_left_out_by_name_may_be_missing(service, without, instead):
    value = {"MEDIA_STORE": "disk", "MAIL": "folder"}[instead]
    less = {name: kept for name, kept in ENV.items() if name != without}

    load(service, less | {instead: value})
    with pytest.raises(ConfigError, match=f"set {instead}={value}"):
        load(service, less | {instead: "perhaps"})


def test_a_developers_machine_needs_none_of_them():
    for service in BY_NAME:
        load(service, {name: ENV[name] for name in ("SECRET_KEY", "REDIS_URL", "DATABASE_URL")} | {"RGMS_ENV": "development"})


def test_a_command_on_the_database_needs_what_the_database_needs():
    few = {name: ENV[name] for name in ("SECRET_KEY", "REDIS_URL", "DATABASE_URL")}
    assert load("auth", few, serving=False).environment == "production"

    with pytest.raises(ConfigError, match="TLS"):
        load("auth", few | {"DATABASE_URL": "postgres://u:p@db.internal/rgms"}, serving=False)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:hunter2@db.internal/rgms",
        "postgresql+psycopg2://u:hunter2@db.internal:5432/rgms?sslmode=prefer",
        "postgresql://u:hunter2@10.0.0.7/rgms?sslmode=disable",
        "postgresql://u:hunter2@127.0.0.1,db.internal/rgms",
        "postgresql://u:hunter2@localhost/rgms?hostaddr=10.0.0.7",
        "mysql://u:hunter2@db.internal/rgms?charset=utf8",
        "postgresql://u:hunter2@127.0.0.1.db.internal/rgms",
    ],
)
def test_a_connection_to_the_database_that_could_be_read_on_its_way_is_refused(url):
    with pytest.raises(ConfigError, match="DATABASE_URL") as refused:
        load("roster", ENV | {"DATABASE_URL": url})

    assert "hunter2" not in str(refused.value)
    if not url.startswith("mysql"):
        load("roster", ENV | {"DATABASE_URL": url, "RGMS_ENV": "development"})


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:p@ep-cool-1.neon.tech/rgms?sslmode=require&channel_binding=require",
        "postgresql://u:p@db.internal/rgms?sslmode=verify-full",
        "postgresql://u:p@127.0.0.1:5433/rgms",
        "postgresql://u:p@[::1]/rgms",
        "postgresql:///rgms?host=/var/run/postgresql",
        "postgresql://u:p@localhost/rgms",
    ],
)
def test_tls_or_a_connection_within_the_machine_is_accepted(url):
    load("roster", ENV | {"DATABASE_URL": url})


@pytest.mark.parametrize(
    "address", ["http://rotc.example.edu", "rotc.example.edu", "ftp://rotc.example.edu", "https://", "http://[::1"]
)
def test_links_in_e_mails_never_lead_to_an_address_without_https(address):
    with pytest.raises(ConfigError, match="PUBLIC_URL must begin with https"):
        load("auth", ENV | {"PUBLIC_URL": address})


@pytest.mark.requirement("19.1")
def test_wherever_real_people_come_plain_http_is_sent_on_and_a_setting_under_which_it_could_not_be_is_refused():
    assert load("gateway", ENV).https_only
    assert load("gateway", ENV | {"RGMS_ENV": "staging"}).https_only
    with pytest.raises(ConfigError, match="TRUSTED_HOPS is 0"):
        load("gateway", ENV | {"TRUSTED_HOPS": "0"})

    trial = load("gateway", ENV | {"TRUSTED_HOPS": "0", "PUBLIC_URL": "http://127.0.0.1:8000"})
    assert not trial.https_only
    assert not load("gateway", ENV | {"RGMS_ENV": "development"}).https_only


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "change-me-" * 8,
        "django-insecure-" + "x1Y2z3" * 8,
        "a" * 64,
        "your-secret-key-goes-in-this-place-please",
        "rotcmsusndrotcmsusndrotcmsusnd2026",
        "RotcMsuSnd-rotcmsusnd-ROTCMSUSND-2026",
        "abcdefghijklmnopqrstuvwxyz012345678",
        "rotc-2026-rotc-2025-rotc-2024-rotc-2023",
        "İstanbul" * 8,
    ],
)
@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_PREVIOUS"])
def test_a_weak_or_placeholder_secret_is_refused(weak, name):
    """Defect D8 of the legacy system: a short key silently became a public constant."""
    with pytest.raises(ConfigError, match=name):
        load("auth", ENV | {name: weak})


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=11), st.integers(4, 40), st.text(max_size=4)
)
def test_a_word_said_again_and_again_is_refused_however_long(word, times, rest):
    assert weakness(word * times + rest)


@given(st.integers(0, 2**256), st.sampled_from(["hex", "base64", "urlsafe"]))
def test_a_generated_256_bit_key_is_used_as_it_is(seed, form):
    """Render's generated value is base64 of 256 bits: it must be taken, never replaced (D8)."""
    raw = random.Random(seed).randbytes(32)
    encoded = {"hex": raw.hex().encode(), "base64": base64.b64encode(raw), "urlsafe": base64.urlsafe_b64encode(raw).rstrip(b"=")}
    key = encoded[form].decode()

    assert load("auth", ENV | {"SECRET_KEY": key}).secret_key == key
    assert strength(key) > 160


def test_secrets_never_show_in_a_log_of_the_settings():
    shown = repr(load("auth", ENV))

    assert GOOD not in shown
    assert "db.internal" not in shown


@pytest.mark.requirement("1.5")
@pytest.mark.parametrize("form", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg2://u@h/d"])
def test_every_form_of_a_database_address_names_the_driver_we_ship(form):
    assert database_url(form) == "postgresql+psycopg2://u@h/d"


@pytest.mark.requirement("25.1", "25.2")
def test_the_environment_chooses_the_settings_and_production_never_debugs():
    assert load("auth", ENV | {"DEBUG": "1"}).debug is False
    assert load("auth", ENV | {"RGMS_ENV": "development", "DEBUG": "1"}).debug is True
    assert load("auth", {k: v for k, v in ENV.items() if k != "RGMS_ENV"}).environment == "production"

    with pytest.raises(ConfigError, match="RGMS_ENV"):
        load("auth", ENV | {"RGMS_ENV": "prod"})


@pytest.mark.parametrize(("name", "value"), [("PORT", "eighty"), ("PORT", "70000"), ("TRUSTED_HOPS", "-1"), ("BCRYPT_COST", "4")])
def test_a_malformed_number_is_named(name, value):
    with pytest.raises(ConfigError, match=name):
        load("auth", ENV | {name: value})


def test_the_process_environment_is_the_default_source(monkeypatch):
    for name, value in ENV.items():
        monkeypatch.setitem(os.environ, name, value)

    assert load("gateway").redis_url == ENV["REDIS_URL"]
