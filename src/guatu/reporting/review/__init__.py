"""What the pages of reviewing show: the queue of what units sent in.

Nothing is written here. The pages of the room's views depend on it.
"""
