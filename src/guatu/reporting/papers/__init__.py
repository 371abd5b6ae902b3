"""Papers that a unit puts beside its report (photos, vouchers): kept, shown, taken away again.

They are optional and count nowhere. The pages of the unit, of review and of a project's figures
depend on it.
"""
