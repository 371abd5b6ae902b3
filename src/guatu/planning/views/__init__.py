"""Pages of the planning room, one module per act."""
