"""The one public HTTP door: routes, identity, limits. Never a business rule, never a database.

A Flask application like every service. It owns the route table of /api/v1, the check of a token's signature and revocation,
rate limits, CORS, security headers, request ids, circuit breakers, response-time metrics, the health report, the OpenAPI
portal, the built web client and the way to the sockets. It does not decide what a person may do: each service verifies the
token again and decides itself.

Invariants: a path that is not in the route table is a 404 and reaches no service; /internal is never routed; a write is
sent upstream at most once, unless the service refused it and asked to have it again; the client address that services see was
counted over the trusted hops here, and is signed.
"""
