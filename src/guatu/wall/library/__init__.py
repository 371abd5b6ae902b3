"""The project library (项目库): one list of a year with the figures of its newest locked round."""
