"""Campaigns (大会战、百日攻坚, M-A11): a period, a paper, a list; figures are those of the rounds.

Not here: the countdown over figures, which joins rooms (wall.campaigns).
"""
