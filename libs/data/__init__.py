"""The database: the only place that commits, and the migrations of every schema."""
