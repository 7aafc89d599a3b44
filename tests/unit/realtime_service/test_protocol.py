"""Frames: what a client may send, what it receives, and that nothing in between is ever invalid."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode

from realtime_service.sockets import protocol
from realtime_service.sockets.protocol import MAX_IN, MAX_OUT, ClientMessage, Malformed, event_messages, parse

MOMENT = "2026-03-07T01:30:00.000Z"


def unframed(raw: bytes) -> list[tuple[Opcode, str | bytes]]:
    """Read frames as a client does, with somebody else's parser."""
    parser = FrameProtocol(client=True, extensions=[])
    parser.receive_bytes(raw)
    whole, part = [], None
    for frame in parser.received_frames():
        part = frame.payload if part is None else part + frame.payload
        if frame.message_finished:
            whole.append((frame.opcode, part))
            part = None
    return whole


@pytest.mark.requirement("12.5", "26.3")
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('{"type":"ping"}', ClientMessage("ping")),
        ('{"type":"ping","data":{},"timestamp":"2026-01-01T00:00:00Z"}', ClientMessage("ping")),
        ('{"type":"replay","data":{"position":"0123456789abcdef:1-0"}}', ClientMessage("replay", "0123456789abcdef:1-0")),
        ('{"type":"authenticate","data":{"token":"a.b.c"}}', ClientMessage("authenticate", "a.b.c")),
    ],
)
def test_a_well_formed_message_is_understood(raw, expected):
    assert parse(raw) == expected


@pytest.mark.requirement("12.5", "26.3")
@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "malformed_json"),
        ("{", "malformed_json"),
        ("NaN", "malformed_json"),
        ("[" * 2000, "malformed_json"),
        ("[]", "malformed_message"),
        ("null", "malformed_message"),
        ('"ping"', "malformed_message"),
        ("{}", "malformed_message"),
        ('{"type":1}', "malformed_message"),
        ('{"type":"ping","data":[]}', "malformed_message"),
        ('{"type":"ping","secret":1}', "malformed_message"),
        ('{"type":"subscribe","data":{"channel":"staff"}}', "unknown_type"),
        ('{"type":"replay"}', "malformed_message"),
        ('{"type":"replay","data":{"position":5}}', "malformed_message"),
        ('{"type":"authenticate","data":{"token":""}}', "malformed_message"),
        ('{"type":"' + "x" * MAX_IN + '"}', "message_too_big"),
    ],
)
def test_a_malformed_message_is_named(raw, code):
    with pytest.raises(Malformed) as refused:
        parse(raw)

    assert refused.value.code == code


keys = st.sampled_from(["type", "data", "ping", "replay", "x"])
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | keys, lambda inner: st.lists(inner) | st.dictionaries(keys, inner)
)


@given(st.text() | st.binary(max_size=200) | values.map(json.dumps))
def test_no_input_raises_anything_but_malformed(raw):
    try:
        parse(raw)
    except Malformed as error:
        assert error.code
        assert error.message


@given(st.binary(max_size=70_000).map(bytes.hex))
def test_a_text_frame_is_read_back_by_another_parser(text):
    assert unframed(protocol.text_frame(text.encode())) == [(Opcode.TEXT, text)]


@given(st.lists(st.text(max_size=300), min_size=1, max_size=20))
def test_frames_joined_into_one_write_stay_apart(texts):
    joined = b"".join(protocol.text_frame(text.encode()) for text in texts)

    assert [payload for _, payload in unframed(joined)] == texts


def test_a_close_frame_holds_code_and_a_reason_that_fits():
    ((opcode, payload),) = unframed(protocol.close_frame(4401, "x" * 500))

    assert opcode is Opcode.CLOSE
    assert payload[0] == 4401


@pytest.mark.requirement("26.1")
def test_a_message_has_type_data_and_timestamp():
    body = json.loads(protocol.message("pong", {"position": "p"}, timestamp=MOMENT))

    assert body == {"type": "pong", "data": {"position": "p"}, "timestamp": MOMENT}


def event(data: dict) -> dict:
    return {"id": "e", "type": "grading.grades.changed", "data": data, "occurred_at": MOMENT, "schema": "grading"}


def test_an_event_that_fits_is_one_message_with_its_position():
    (raw,) = event_messages(event({}), {"rows": [1]}, position="e:2-0", previous="e:1-0")

    assert json.loads(raw) == {
        "type": "grading.grades.changed", "data": {"rows": [1]}, "timestamp": MOMENT, "position": "e:2-0",
    }  # fmt: skip


@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=60))
def test_a_large_event_is_spread_without_losing_a_row_and_only_its_last_part_moves_the_position(sizes):
    rows = [{"n": number, "text": "x" * size} for number, size in enumerate(sizes)]
    data = {"term_id": 1, "rows": rows}

    parts = event_messages(event(data), data, position="e:2-0", previous="e:1-0")

    bodies = [json.loads(part) for part in parts]
    assert all(len(part) <= MAX_OUT for part in parts)
    assert [row for body in bodies for row in body["data"]["rows"]] == rows
    assert [body["position"] for body in bodies] == ["e:1-0"] * (len(parts) - 1) + ["e:2-0"]


def test_an_event_too_large_to_spread_becomes_an_order_to_reload():
    data = {"rows": [{"text": "x" * (MAX_OUT + 1)}]}

    (raw,) = event_messages(event(data), data, position="e:2-0", previous="e:1-0")

    assert json.loads(raw)["type"] == "connection.reset"
