"""The one error a user of the local runner sees: a sentence that says what to do, never a traceback."""


class LocalError(Exception):
    """Something on this machine keeps the house from starting; the message is shown to the user as it is."""
