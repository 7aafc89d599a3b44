"""The settings of media: a Cloudinary address is read whole or refused without showing its secret."""

from __future__ import annotations

import pytest

from libs.config import ConfigError
from media_service.config import load


def test_without_an_account_files_stay_on_the_disk():
    settings = load({})
    assert settings.cloudinary is None
    assert (settings.max_bytes, settings.max_image_bytes) == (10 * 1024 * 1024, 5 * 1024 * 1024)


def test_an_account_is_read_and_its_secret_never_printed():
    account = load({"CLOUDINARY_URL": "cloudinary://key:s3cr3t@cloud"}).cloudinary
    assert (account.cloud_name, account.api_key, account.api_secret) == ("cloud", "key", "s3cr3t")
    assert account.upload_prefix == "https://api.cloudinary.com"
    assert "s3cr3t" not in repr(account)


@pytest.mark.parametrize("raw", ["https://key:s3cr3t@cloud", "cloudinary://s3cr3t", "cloudinary://key@cloud"])
@pytest.mark.requirement("25.5")
def test_a_malformed_account_refuses_to_start_and_keeps_the_secret(raw):
    with pytest.raises(ConfigError) as refusal:
        load({"CLOUDINARY_URL": raw})
    assert "CLOUDINARY_URL" in str(refusal.value) and "s3cr3t" not in str(refusal.value)


def test_the_disk_chosen_by_name_takes_new_files_while_an_account_stays_readable():
    settings = load({"CLOUDINARY_URL": "cloudinary://key:s3cr3t@cloud", "MEDIA_STORE": "disk"})
    assert (settings.store, settings.cloudinary.cloud_name) == ("disk", "cloud")
    assert load({"CLOUDINARY_URL": "cloudinary://key:s3cr3t@cloud"}).store == "cloudinary"


@pytest.mark.requirement("25.4")
@pytest.mark.parametrize(
    ("variables", "named"), [({"MEDIA_STORE": "attic"}, "MEDIA_STORE"), ({"MEDIA_STORE": "cloudinary"}, "CLOUDINARY_URL")]
)
def test_a_store_that_cannot_be_used_refuses_to_start(variables, named):
    with pytest.raises(ConfigError, match=named):
        load(variables)
