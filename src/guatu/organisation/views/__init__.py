"""Pages of the organisation room: accounts, units, policy, journal, first set-up."""
