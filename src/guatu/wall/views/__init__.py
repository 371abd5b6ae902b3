"""Pages that join rooms. Each module is one page with its fragments and exports."""
