"""Due days of rounds: how they are changed, who is late, and reminders to those who are missing.

Not here: how a message goes out (notices), what a unit said on the telephone (services.chasing).
"""
