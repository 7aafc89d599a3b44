"""Who somebody is: accounts, passwords, sessions, lockouts, activation and reset.

Owns the schema ``auth``. Its neighbours know an account only by what its access token says.

Invariants:

* A password, a refresh token, an activation code and a reset token are never stored or logged, only what verifies them.
* A wrong password, an unknown user and a deactivated account get the same answer after the same work.
* Nobody can shut an owner out of an account by failing to sign in to it from elsewhere.
* A refresh token works once; a second, later use of it ends the session it belongs to.
* There is always at least one active admin once the first one exists.
* Whatever ends a session ends its access token too, not only its refresh token.

Never does: decide what a cadet or a member of staff is (roster), or what anyone may see of a grade (grading).
"""
