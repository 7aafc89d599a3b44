"""The grading rules: pure, exact, without clock, database or framework."""
