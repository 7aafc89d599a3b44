"""Auth starts only with what it needs."""

import pytest

from auth_service import config
from auth_service.app import create_app
from libs.config import ConfigError, load
from tests.support.production import PRODUCTION

GOOD = PRODUCTION | {
    "DATABASE_URL": "postgres://rgms:secret@127.0.0.1:1/rgms",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "kT9v1x7Zb0qYw3RmJ5cN8sHfLgAeUiPo2dXyVtB6nQ4=",
}


@pytest.mark.requirement("25.5", "25.4")
@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_auth_refuses_to_start_without_what_it_needs_and_names_it(missing):
    with pytest.raises(ConfigError, match=missing):
        load("auth", {name: value for name, value in GOOD.items() if name != missing})


@pytest.mark.requirement("1.7", "25.5")
def test_a_key_of_the_platform_signs_as_it_is_and_a_short_or_public_one_is_refused():
    """Legacy defect D8: the platform's own 44-character key was silently replaced by a public constant."""
    assert load("auth", GOOD).secret_key == GOOD["SECRET_KEY"]
    for bad in ("short", "change-me-change-me-change-me-change-me", "a" * 64):
        with pytest.raises(ConfigError, match="SECRET_KEY"):
            load("auth", GOOD | {"SECRET_KEY": bad})


@pytest.mark.parametrize(
    ("name", "value"),
    [("LOGIN_LIMIT_ACCOUNT", "0"), ("LOGIN_LIMIT_ADDRESS", "many"), ("HASHING_QUEUE", "-1"), ("SECOND_FACTOR", "cadets")],
)
def test_a_malformed_limit_is_named(name, value):
    with pytest.raises(ConfigError, match=name):
        config.load({name: value})


def test_limits_come_from_the_environment():
    own = config.load({"LOGIN_LIMIT_ACCOUNT": "3", "LOGIN_LIMIT_ADDRESS": "50"})

    assert (own.limits.per_pair, own.limits.per_address) == (3, 50)


@pytest.mark.requirement("27.4")
def test_the_live_cost_of_a_hash_is_twelve_and_comes_from_the_configuration():
    assert load("auth", GOOD).bcrypt_cost == 12
    app = create_app(load("auth", GOOD | {"BCRYPT_COST": "10"}), config.load({}))

    assert app.extensions["auth_hashing"].cost == 10
    assert app.extensions["auth_hashing"].hash("a password of mine").startswith("bcrypt_sha256$$2b$10$")
