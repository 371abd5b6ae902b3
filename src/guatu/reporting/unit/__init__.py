"""What a unit's own pages show: the list of what it has to report, the form of one project.

Nothing is written here. The pages of the room's views depend on it.
"""
