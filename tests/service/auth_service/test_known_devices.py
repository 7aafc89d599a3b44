"""Devices that somebody signed in from before, and what strangers cannot do to them; guesses at an account, and who is told."""

import pytest
from werkzeug.http import parse_cookie

from auth_service.domain.tokens import fingerprint
from libs.clients.realtime import RealtimeClient
from libs.clients.tasks import TasksClient
from libs.web import devices
from libs.web.devices import Device
from tests.service.auth_service.conftest import ELSEWHERE, HOME, PASSWORD, AuthApi


def device_of(auth_api: AuthApi, answer) -> Device:
    """Return the device that an answer makes of the one that asked."""
    (cookie,) = [text for text in answer.headers.getlist("Set-Cookie") if text.startswith(devices.COOKIE)]
    assert {"HttpOnly", "Path=/api/v1/auth", "Max-Age=34560000"} <= set(cookie.split("; "))
    device = devices.read(auth_api.app.config["RGMS"], parse_cookie(cookie)[devices.COOKIE])
    assert device is not None
    return device


def test_signing_in_and_renewing_make_a_device_known_to_everybody_who_did(auth_api):
    ana, ben = auth_api.add_user("ana"), auth_api.add_user("ben")
    first = auth_api.login("ana")
    tablet = device_of(auth_api, first)
    shared = device_of(auth_api, auth_api.login("ben", device=tablet))
    renewed = device_of(auth_api, auth_api.post("/refresh", {"refresh_token": first.json["refresh_token"]}))

    assert (tablet.accounts, shared.accounts, renewed.accounts) == ((ana,), (ben, ana), (ana,))
    assert shared.id == tablet.id != renewed.id
    assert "Set-Cookie" not in auth_api.login("ana", "wrong", device=tablet).headers


def test_a_password_set_by_a_mailed_link_makes_the_device_known(auth_api):
    user_id = auth_api.add_user("ana")
    link = {"token": fingerprint("mailed"), "user": user_id}
    auth_api.run(
        "INSERT INTO auth.password_reset (token_hash, user_id, requested_at, expires_at) VALUES (:token, :user, now(), now() + "
        "interval '1 hour')",
        **link,
    )
    answer = auth_api.post("/password/reset", {"token": "mailed", "password": "isang bagong hudyat 27"})

    assert (answer.status_code, device_of(auth_api, answer).accounts) == (204, (user_id,))


@pytest.mark.requirement("9.6")
def test_five_wrong_tries_of_a_stranger_beside_them_do_not_keep_an_officer_out(auth_api):
    officer = auth_api.add_user("officer")
    tablet = device_of(auth_api, auth_api.login("officer"))
    assert [auth_api.login("officer", "wrong").status_code for _ in range(6)] == [401] * 5 + [429]

    assert auth_api.login("officer").status_code == 429, "the address itself waits"
    assert auth_api.login("officer", device=tablet).status_code == 200
    assert officer in tablet.accounts


@pytest.mark.requirement("9.6")
def test_a_known_device_has_five_tries_of_its_own_and_is_a_stranger_to_every_other_account(auth_api):
    auth_api.add_user("ana")
    auth_api.add_user("ben")
    tablet = device_of(auth_api, auth_api.login("ana"))
    addresses = [f"192.0.2.{number}" for number in range(6)]

    assert [auth_api.login("ana", "wrong", device=tablet, address=a).status_code for a in addresses] == [401] * 5 + [429]
    assert auth_api.login("ana").status_code == 200, "a stolen device stops itself"
    assert [auth_api.login("ben", "wrong", device=tablet).status_code for _ in range(6)] == [401] * 5 + [429]
    assert auth_api.login("ben", address=ELSEWHERE, device=tablet).status_code == 200


def test_an_administrator_unlocks_a_known_device_too(auth_api):
    auth_api.add_user("boss", role="admin")
    user_id = auth_api.add_user("ana")
    tablet = device_of(auth_api, auth_api.login("ana"))
    for _ in range(6):
        auth_api.login("ana", "wrong", device=tablet)
    assert auth_api.login("ana", device=tablet).status_code == 429

    assert auth_api.post(f"/users/{user_id}/unlock", token=auth_api.signed_in("boss")["token"]).status_code == 204
    assert auth_api.login("ana", device=tablet).status_code == 200


def guess(auth_api: AuthApi, name: str, times: int, first: int = 0) -> list[int]:
    """Guess once from each of so many networks."""
    return [auth_api.login(name, "wrong", address=f"10.{number}.0.1").status_code for number in range(first, first + times)]


@pytest.fixture
def told(auth_api, serve, as_owner, monkeypatch):
    """What the owner was told, on the real services: the messages in RGMS, and the mails."""
    tasks, realtime = serve("tasks"), serve("realtime")
    monkeypatch.setitem(auth_api.app.extensions, "auth_tasks", TasksClient(tasks.settings_of(auth_api.app)))
    monkeypatch.setitem(auth_api.app.extensions, "auth_realtime", RealtimeClient(realtime.settings_of(auth_api.app)))

    def tell() -> tuple[list, list]:
        auth_api.app.extensions["auth_background_queue"].settle(10)
        mails = [params for (params,) in as_owner("SELECT params FROM ops.job WHERE kind = 'email' ORDER BY created_at")]
        return as_owner("SELECT user_id, kind, priority FROM messaging.notification"), mails

    return tell


def test_guessing_an_account_from_240_networks_is_slowed_and_its_owner_is_told_once_and_never_kept_out(auth_api, told):
    """240 guesses from 240 networks were once neither slowed nor told."""
    owner = auth_api.add_user("ana", email="ana@unit.ph", display_name="Ana")
    tablet = device_of(auth_api, auth_api.login("ana"))

    assert guess(auth_api, "ana", 29) == [401] * 29
    assert told() == ([], [])
    codes = guess(auth_api, "ana", 211, first=29)
    assert codes[0] == 401
    assert codes.count(401) <= 3, "one at a time, every half minute"
    refused = auth_api.login("ana", PASSWORD, address=ELSEWHERE)
    assert (refused.status_code, 0 < int(refused.headers["Retry-After"]) <= 30) == (429, True)
    assert auth_api.login("ana", device=tablet, address=ELSEWHERE).status_code == 200

    notes, mails = told()
    assert notes == [(owner, "account.guessed", "high")]
    assert [(mail["template"], mail["to"], mail["name"], mail["values"]["tries"]) for mail in mails] == [
        ("guessed", "ana@unit.ph", "Ana", "30")
    ]
    assert [event["user_id"] for event in auth_api.events("account.guessed")] == [owner]


def test_a_name_of_nobody_is_slowed_alike_and_nobody_is_told(auth_api, told):
    assert guess(auth_api, "nobody", 40)[:31] == [401] * 31
    assert guess(auth_api, "nobody", 1, first=50) == [429]
    assert told() == ([], [])


def test_the_owner_is_told_as_soon_as_that_is_possible(auth_api, told, monkeypatch):
    auth_api.add_user("ana", email="ana@unit.ph")
    reachable = {name: auth_api.app.extensions[name] for name in ("auth_tasks", "auth_realtime")}
    for name, client in (("auth_tasks", TasksClient), ("auth_realtime", RealtimeClient)):
        monkeypatch.setitem(auth_api.app.extensions, name, client(auth_api.app.config["RGMS"]))
    with auth_api.limits(per_account=3):
        guess(auth_api, "ana", 3)
        assert told() == ([], [])
        for name, client in reachable.items():
            monkeypatch.setitem(auth_api.app.extensions, name, client)
        assert guess(auth_api, "ana", 1, first=9) == [401]
        assert [len(each) for each in told()] == [1, 1]


@pytest.mark.parametrize(("address", "status"), [(HOME, 204), ("not an address", 422), ("", 422), ("2001:db8::1", 204)])
def test_an_administrator_clears_an_address_and_nobody_else_may(auth_api, address, status):
    auth_api.add_user("boss", role="admin")
    auth_api.add_user("ana")
    boss, ana = auth_api.signed_in("boss")["token"], auth_api.signed_in("ana")["token"]
    with auth_api.limits(per_address=2, address_line=(1, 600)):
        assert [auth_api.login(f"name{number}", "wrong", address=address).status_code for number in range(4)] == [401] * 3 + [429]
        assert auth_api.post("/users/clear-address", {"address": address}, token=ana).status_code == 403
        assert auth_api.post("/users/clear-address", {"address": address}, token=boss).status_code == status
        if status == 204:
            assert auth_api.login("ana", address=address).status_code == 200


def test_without_redis_lines_are_kept_by_the_log_and_a_known_device_stands_in_none(auth_api, monkeypatch):
    auth_api.add_user("ana")
    tablet = device_of(auth_api, auth_api.login("ana"))
    client = auth_api.app.extensions["rgms_redis"]
    monkeypatch.setitem(auth_api.app.extensions, "rgms_redis", type(client).from_url("redis://127.0.0.1:1/0"))
    with auth_api.limits(per_account=3, per_address=100):
        assert guess(auth_api, "ana", 5) == [401] * 3 + [429] * 2
        assert auth_api.login("ana", device=tablet, address=ELSEWHERE).status_code == 200
        auth_api.run("UPDATE auth.login_attempt SET at = at - interval '31 seconds'")
        assert auth_api.login("ana", address=ELSEWHERE).status_code == 200
    with auth_api.limits(per_address=2, address_line=(1, 600)):
        assert [auth_api.login(f"name{number}", "wrong").status_code for number in range(3)] == [401, 401, 429]
