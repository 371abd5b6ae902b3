"""SQLite with a queue of writers: the engine that the settings name."""
