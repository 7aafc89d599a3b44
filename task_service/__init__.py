"""Background jobs: what takes longer than a request, done by Celery, each with a row that says how far it is.

Owns the schema `ops`. Three processes: `api` takes orders and tells progress, `worker` does the work, `beat` orders what is
due by the clock. A job's row in `ops.job` is the truth; the Celery message carries only its id and may be lost, doubled or
late without harm: a sweeper sends again what still waits, a lease and a fence let one worker at a time do it.
"""
