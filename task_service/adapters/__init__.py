"""Third parties that only the task processes call."""
