"""One typed client per service; every call names its timeout."""
