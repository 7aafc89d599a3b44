"""Calls that nobody means well, made from the description of the API: none may end in a 500, and no process may swell.

Every operation as nobody, a cadet, staff and an administrator; other methods too; fields of the wrong type, out of bounds,
unknown or missing; text made to break a parser, a query or a page; ids of others and of nobody; bodies that are no JSON. Half of
what is sent is sound, so that it comes through the first check. The same seed makes the same calls.
"""

from __future__ import annotations

import json
import random
import string
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from benchmarks.people import Person, Target, Times, together
from libs.ids import uuid7

WORKERS = 8
MEMORY_MB = 300
ERROR_FIELDS = {"error", "message", "code", "details", "request_id"}
SAFE = ("GET", "HEAD", "OPTIONS")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
TEXTS = (
    "", " ", "Robert'); DROP TABLE cadet; --", "' UNION SELECT 1 --", "<script>alert(1)</script>", "{{7*7}} %s {0}", "%_\\%",
    "../etc", "a\x00b", "a\x1b[31mb", "abc\u202excod.exe", "a\ud800b", "Ñoño \U0001f469", "A" * 5000, "0", "-1", "NaN", "1e400",
    "2025-02-30", "null", "9" * 400, "true", "=cmd|' /C calc'!A0", "\r\nX-Injected: 1", "2025-02-20T10:00:00+99:99",
)  # fmt: skip
IDS = ("2147483648", "9223372036854775808", "1.0", "+1", "%2F")
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 2**31, 2**63, 10**400, float("nan"), float("inf"), [], {}, [[[[]]]], {"a": {"b": [None]}},
    [None] * 600,
)  # fmt: skip
BODIES: tuple[bytes, ...] = (
    b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe\x00", b'{"a":' * 3000 + b"1" + b"}" * 3000, b'{"a": ' + b"9" * 5000 + b"}",
    b"a=1&b=2", b"<a/>",
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="\x00.xlsx"\r\n\r\nPK\x03\x04\r\n--x--',
)  # fmt: skip
TYPES = ("application/json", "application/json; charset=x", "text/plain", "multipart/form-data; boundary=x", "", "a/b\u00e9")


@dataclass
class Outcome:
    """What became of the calls.

    Attributes:
        faults: what was answered 500, or refused in another shape than ours; the first twenty.
    """

    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None


class Maker:
    """Makes calls by the description of the API.

    Args:
        document: the merged OpenAPI description.
        ids: numbers that exist as ids of something.
        spare: beginnings of paths whose data others need; they are only read.
    """

    def __init__(self, document: Mapping[str, Any], ids: list[int], seed: int, spare: tuple[str, ...] = ()) -> None:
        self._schemas = document["components"]["schemas"]
        self._ids = ids
        self._spare = spare
        self._random = random.Random(seed)
        self._operations = [
            (method.upper(), path, operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
            if method.upper() in METHODS and (method == "get" or not path.startswith(spare))
        ]

    def call(self) -> Call:
        """Return one call."""
        dice = self._random
        method, path, operation = dice.choice(self._operations)
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            path = path.replace(f"{{{name}}}", quote(self._id(name), safe="", errors="replace"))
        if dice.random() < 0.05:
            method = dice.choice(SAFE if path.startswith(self._spare) else METHODS)
        question = self._question(operation)
        headers = {} if dice.random() < 0.8 else self._headers()
        body = None
        if "requestBody" in operation or dice.random() < 0.05:
            body, kind = self._body(operation)
            headers["Content-Type"] = kind
        return Call(method, path + (f"?{question}" if question else ""), headers, body)

    def _id(self, name: str) -> str:
        dice = self._random
        if dice.random() < 0.7:
            return str(dice.choice(self._ids)) if name.endswith("_id") and dice.random() < 0.7 else str(uuid7())
        return dice.choice([text for text in TEXTS if text.strip()] + ["2147483648", "9223372036854775808", "1.0", "+1", "%2F"])[
            :300
        ]

    def _question(self, operation: Mapping[str, Any]) -> str:
        dice, asked = self._random, []
        for parameter in operation.get("parameters", ()):
            if parameter.get("in") == "query" and dice.random() < 0.4:
                sound = dice.random() < 0.6
                value = self._sound(parameter.get("schema", {})) if sound else dice.choice(TEXTS)
                asked.append((parameter["name"], value if isinstance(value, str) else json.dumps(value)))
        if dice.random() < 0.05:
            asked.append((dice.choice(["x", "sort", "fields", "cursor", "page", "page_size"]), dice.choice(TEXTS)))
        return urlencode([(name, value[:1500]) for name, value in asked], errors="replace")

    def _headers(self) -> dict[str, str]:
        odd = [text for text in TEXTS if text.isascii() and text.isprintable()]
        names = ("Idempotency-Key", "If-Match", "If-None-Match", "Range", "Accept", "Accept-Encoding", "X-Request-ID", "Cookie",
                 "X-Session-Handle", "X-Forwarded-For", "Origin")  # fmt: skip
        return {self._random.choice(names): self._random.choice(odd)[:1000]}

    def _body(self, operation: Mapping[str, Any]) -> tuple[bytes, str]:
        dice = self._random
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is None or dice.random() < 0.1:
            return dice.choice(BODIES), dice.choice(TYPES).encode("ascii", "ignore").decode()
        return json.dumps(self._sound(schema, wrong=dice.choice([0.0, 0.0, 0.1, 0.3]))).encode(), "application/json"

    def _sound(self, schema: Mapping[str, Any], wrong: float = 0.0, depth: int = 0) -> Any:
        """Return a value of `schema`, each part of it wrong with this chance."""
        dice = self._random
        if wrong and depth and dice.random() < wrong:
            return dice.choice([*ODD, *TEXTS])
        if "$ref" in schema:
            return self._sound(self._schemas[schema["$ref"].rpartition("/")[2]], wrong, depth)
        for several in ("allOf", "anyOf", "oneOf"):
            if several in schema:
                return self._sound(dice.choice(schema[several]), wrong, depth)
        if "enum" in schema:
            return dice.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            required = schema.get("required", ())
            fields = {
                name: self._sound(part, wrong, depth + 1)
                for name, part in schema.get("properties", {}).items()
                if dice.random() < (0.97 if name in required else 0.5)
            }
            return fields | ({"unknown": 1} if wrong and dice.random() < wrong else {})
        if kind == "array":
            low, high = schema.get("minItems", 0), schema.get("maxItems", 3)
            return [
                self._sound(schema.get("items", {}), wrong, depth + 1) for _ in range(dice.randint(low, max(low, min(3, high))))
            ]
        if kind in ("integer", "number"):
            low, high = schema.get("minimum", 0), schema.get("maximum", 100)
            return dice.choice(self._ids) if dice.random() < 0.5 else dice.randint(int(low), max(int(low), int(high)))
        if kind == "boolean":
            return dice.random() < 0.5
        return self._text(schema)

    def _text(self, schema: Mapping[str, Any]) -> str:
        dice = self._random
        sound = {
            "uuid": lambda: str(uuid7()),
            "date": lambda: f"2026-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
            "date-time": lambda: f"2026-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}T08:00:00Z",
            "email": lambda: f"fuzz{dice.randint(1, 10**6)}@unit.ph",
        }.get(schema.get("format", ""))
        if sound:
            return sound()
        length = dice.randint(max(1, schema.get("minLength", 1)), min(40, max(1, schema.get("maxLength", 40))))
        return "".join(dice.choices(string.ascii_letters + string.digits + " -", k=length)).strip() or "x"


def play(
    target: Target, calls: int, *, seed: int = 1, spare: tuple[str, ...] = (), peak: Callable[[], int] = lambda: 0
) -> Outcome:
    """Make so many calls, a multiple of the workers, and return what became of them.

    Args:
        spare: beginnings of paths whose data others need; they are only read.
        peak: returns the most megabytes that one process has held.
    """
    document = json.loads(urllib3.request("GET", f"{target.url}/api/openapi.json", timeout=30).data)
    ids = [1, 2, 3, target.term, *target.days[:5], *target.cadets[:20]]
    outcome, lock = Outcome(), threading.Lock()
    people: list[Person | None] = [None, *(Person(target, Times(), 1, role) for role in ("cadet", "staff", "admin", "admin"))]

    def work(number: int) -> None:
        maker = Maker(document, ids, seed * 1000 + number, spare)
        with urllib3.connection_from_url(target.url, maxsize=1, timeout=60, retries=False) as pool:
            for turn in range(calls // WORKERS):
                who = people[(turn + number) % len(people)]
                call = maker.call()
                status, fault = _made(pool, call, who)
                with lock:
                    outcome.calls += 1
                    outcome.statuses[status] += 1
                    if fault and len(outcome.faults) < 20:
                        outcome.faults.append(f"{call.method} {call.target[:200]} as {who.role if who else 'nobody'}: {fault}")

    together([partial(work, number) for number in range(WORKERS)])
    if (megabytes := peak()) > MEMORY_MB:
        outcome.faults.append(f"a process took {megabytes} MB, more than {MEMORY_MB}")
    return outcome


def _made(pool: urllib3.HTTPConnectionPool, call: Call, who: Person | None) -> tuple[int, str]:
    headers = dict(call.headers) | ({"Authorization": f"Bearer {who.token}"} if who else {})
    try:
        answer = pool.request(call.method, call.target, body=call.body, headers=headers, redirect=False)
    except urllib3.exceptions.HTTPError as error:
        return 0, repr(error)[:200]
    if answer.status >= 500 and answer.status != 503:
        return answer.status, repr(answer.data[:300])
    if answer.status >= 400 and call.method != "HEAD" and call.target.startswith("/api/v1"):
        try:
            shape = set(json.loads(answer.data))
        except (ValueError, TypeError):
            shape = set()
        if shape != ERROR_FIELDS:
            return answer.status, f"{answer.status} in another shape: {answer.data[:200]!r}"
    return answer.status, ""


def run(target: Target, calls: int, peak: Callable[[], int], say: Callable[[str], None] = print) -> bool:
    """Play, print what became of it and return whether nothing broke."""
    say(f"\n{calls:,} calls that nobody means well\n  target: no 500, no process above {MEMORY_MB} MB")
    outcome = play(target, calls, peak=peak)
    say("  " + ", ".join(f"{status}: {count:,}" for status, count in sorted(outcome.statuses.items())) + f"; {peak()} MB")
    for fault in outcome.faults:
        say(f"  BROKEN {fault}")
    return not outcome.faults
