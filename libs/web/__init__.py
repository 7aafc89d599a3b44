"""What an HTTP service is made of: the factory, identity, errors, lists, answers; no business rule."""
