"""The packaged PostgreSQL and Redis as a person's machine treats them: killed, restarted, robbed of their port."""

from __future__ import annotations

import os
import socket
import stat

import psycopg2
import pytest
import redis

from cli.local.errors import LocalError
from cli.local.postgres import LocalPostgres
from cli.local.redis import LocalRedis


@pytest.fixture
def postgres(tmp_path):
    server = LocalPostgres(tmp_path / "a folder" / "postgres")
    yield server
    server.stop()


@pytest.fixture
def redis_server(tmp_path):
    server = LocalRedis(tmp_path / "a folder" / "redis")
    yield server
    server.stop()


def run(url, statement):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_what_postgres_committed_survives_kill_9_and_the_address_stays(postgres):
    url = postgres.start()
    run(url, "CREATE TABLE kept (n int)")
    run(url, "INSERT INTO kept VALUES (7)")
    postgres.kill9()
    assert not postgres.running
    assert postgres.start() == url
    assert run(url, "SELECT n FROM kept") == [(7,)]


def test_postgres_takes_250_connections_at_once(postgres):
    url = postgres.start()
    connections = [psycopg2.connect(url) for _ in range(250)]
    for connection in connections:
        connection.close()


def test_postgres_refuses_a_wrong_password_and_listens_on_loopback_only(postgres):
    url = postgres.start()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(url.replace(":", ":x", 2).replace("postgresql:x", "postgresql:", 1))
    assert run(url, "SHOW listen_addresses") == [("127.0.0.1",)]


def test_postgres_starts_beside_a_stale_pid_file_of_another_process(postgres):
    postgres.start()
    postgres.kill9()
    pid_file = postgres.data_dir / "cluster" / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    postgres.start()
    assert postgres.running


def test_an_interrupted_initdb_is_begun_again(postgres):
    half_made = postgres.data_dir / "cluster.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    postgres.start()
    assert run(postgres.url, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("fixture", ["postgres", "redis_server"])
def test_a_server_whose_port_was_taken_meanwhile_finds_another(fixture, request):
    server = request.getfixturevalue(fixture)
    server.start()
    port = server.port
    server.stop()
    with socket.create_server(("127.0.0.1", port)):
        server.start()
        assert server.port != port


@pytest.mark.parametrize("kind", [LocalPostgres, LocalRedis])
def test_a_port_asked_for_by_number_and_taken_is_named(kind, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=f"Port {port} is in use"):
            kind(tmp_path / "data", port=port).start()


@pytest.mark.parametrize("fixture", ["postgres", "redis_server"])
def test_the_password_of_a_server_is_its_owners_alone(fixture, request):
    server = request.getfixturevalue(fixture)
    server.start()
    assert stat.S_IMODE((server.data_dir / "password").stat().st_mode) == 0o600


def test_what_redis_acknowledged_survives_kill_9_and_the_address_stays(redis_server):
    url = redis_server.start()
    redis.Redis.from_url(url).set("kept", "7")
    redis_server.kill9()
    assert redis_server.start() == url
    assert redis.Redis.from_url(url).get("kept") == b"7"


def test_redis_refuses_a_stranger(redis_server):
    redis_server.start()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=redis_server.port).ping()


@pytest.mark.parametrize("fixture", ["postgres", "redis_server"])
def test_a_server_that_died_comes_back_on_its_own_port_or_not_at_all(fixture, request):
    server = request.getfixturevalue(fixture)
    url = server.start()
    server.kill9()
    with socket.create_server(("127.0.0.1", server.port)), pytest.raises(LocalError, match="is in use"):
        server.start()
    assert server.start() == url


@pytest.mark.parametrize("fixture", ["postgres", "redis_server"])
def test_no_other_user_of_the_machine_reads_what_a_server_keeps(fixture, request):
    server = request.getfixturevalue(fixture)
    # As an earlier release left it.
    server.data_dir.mkdir(parents=True, mode=0o755)
    server.log_path.write_text("postgresql://somebody")
    server.log_path.chmod(0o644)
    if fixture == "redis_server":
        (server.data_dir / "temp-1.rdb").write_text("reset-link")
        (server.data_dir / "temp-1.rdb").chmod(0o644)
    url = server.start()
    if fixture == "redis_server":
        redis.Redis.from_url(url).set("reset-link", "secret")
        # Closed by itself too, for whoever copies it elsewhere.
        kept = [path for path in server.data_dir.rglob("appendonly*") if path.is_file()]
        assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert [str(path) for path in readable_by_others(server.data_dir) if path.name != "port"] == []


def readable_by_others(path):
    """Yield the files that another user of the machine could open, walking as that user would."""
    if not stat.S_IMODE(path.stat().st_mode) & 0o005:
        return
    if path.is_dir():
        for each in path.iterdir():
            yield from readable_by_others(each)
    else:
        yield path
