"""The circular (通报, M-I2): its figures as a plain dataclass, its sentences, its annex tables.

Not here: reading results, numbers, issuing, the 28 × 22 grid (`guatu.engines.gongwen`).
The publishing room's services depend on it; it knows no Django and no database.
"""
