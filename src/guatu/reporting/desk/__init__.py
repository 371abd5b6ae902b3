"""The intake desk (收表台): what a round expects, what came, what was asked, who is missing."""
