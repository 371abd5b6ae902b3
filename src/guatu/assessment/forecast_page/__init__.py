"""The page of forecasts of a locked round: its list, its test, and claimed beside computed."""
