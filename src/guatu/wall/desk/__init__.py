"""The desk (工作台): what needs somebody first, then where things stand."""
