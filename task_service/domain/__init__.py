"""Pure rules about jobs and messages: no Flask, no database, no Celery, no clock."""
