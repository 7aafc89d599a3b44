"""Demo accounts stay out of a database that people already use."""

from auth_service.operations.accounts import create_admin
from cli.local.schemas import has_accounts
from libs import clock


def test_a_database_with_one_account_is_somebodys(service_app, postgres_url):
    app = service_app("auth")
    before = has_accounts(postgres_url)

    with app.app_context():
        create_admin(username="first.admin", password="Long-enough-2026", now=clock.now())

    assert (before, has_accounts(postgres_url)) == (False, True)
