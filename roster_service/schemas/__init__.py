"""Shape and format of what comes in and goes out; no rule of the unit and no database."""
