"""Pages of the reporting room: the months, the intake desk, entering for others, quick figures."""
