"""Channels to units (mail, group robots) and the outbox of messages that go through them (M-C1).

Not here: what a message says and when one is due (reporting and the rooms above write it).
"""
