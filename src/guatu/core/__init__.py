"""Clock, money, ratios, period keys, working days, errors: pure values every room uses.

No Django, no database, no settings. Everything above, the engines included, may import it.
"""
