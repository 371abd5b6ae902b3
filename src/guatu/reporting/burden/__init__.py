"""填报负担 (M-C5): what units are asked for, who keeps it already, registered forms, complaints.

Not here: what is asked each month (unit.form, rounds). Rule book drafts ask `holders` before they
are sent in.
"""
