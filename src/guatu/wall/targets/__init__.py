"""What was planned beside what was locked: pace, half-year test, targets of bodies."""
