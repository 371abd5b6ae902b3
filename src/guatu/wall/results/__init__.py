"""Results (进展): a locked round by region, unit and sector, its rows, and why a light is on."""
