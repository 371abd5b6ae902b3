"""Where things stand after a locked round, narrowed to the user: totals, lights, changes."""
