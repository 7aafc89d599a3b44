"""The shared kernel of the services: it holds no business rule and imports no service."""
