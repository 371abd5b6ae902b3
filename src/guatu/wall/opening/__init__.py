"""Opening a round for a part of a list: who lags by the run of record, who is in a campaign.

Not here: the round itself and its scope, which reporting keeps (`reporting.due.limiting`).
"""
