"""File names: whatever comes in, what we keep is one plain, safe name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_service.domain.names import MAX_LENGTH, clean_name, content_disposition, extension_of

pytestmark = pytest.mark.requirement("20.5")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\fakepath\letter.pdf", "letter.pdf"),
        ("Peñaflor excuse.pdf", "Peñaflor excuse.pdf"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ('x"><script>.csv', "x___script_.csv"),
        ("..", "file"),
        ("", "file"),
        (None, "file"),
        ("CON.txt", "_CON.txt"),
        ("  .hidden  ", "hidden"),
    ],
)
def test_a_name_is_reduced_to_a_plain_one(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_a_kept_name_is_never_a_path_never_empty_and_never_long(raw):
    name = clean_name(raw)
    assert name and len(name) <= MAX_LENGTH
    assert not set(name) & set('/\\<>:"|?*\x00\r\n')
    assert name not in {".", ".."} and not name.startswith(".")
    assert clean_name(name) == name


def test_a_long_name_keeps_its_extension():
    name = clean_name("x" * 500 + ".pdf")
    assert len(name) == MAX_LENGTH and extension_of(name) == "pdf"


@given(st.text(max_size=200))
def test_the_download_header_is_one_line_of_ascii(raw):
    header = content_disposition(clean_name(raw))
    header.encode("ascii")
    assert header.startswith("attachment; ") and "\n" not in header and "\r" not in header
    assert header.count('"') == 2


def test_the_download_header_carries_the_name_in_utf_8():
    assert "filename*=UTF-8''Pe%C3%B1aflor%20%26%20co.pdf" in content_disposition("Peñaflor & co.pdf")
