"""Pure rules about jobs: no Flask, no database, no Celery, no clock."""
