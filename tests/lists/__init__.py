"""Real lists of projects, made into workbooks of many layouts and read back to the yuan.

The lists themselves are not in the repository: GUATU_SAMPLE_DIR names the folder that holds them.
"""
