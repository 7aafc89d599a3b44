"""Events from the outbox through the stream to those who read it."""
