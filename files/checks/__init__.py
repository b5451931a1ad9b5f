"""
What is asked of a file's content. Runs in a process of its own (files/sandbox.py starts `python -m files.checks`),
with little memory and time, without the portal's settings and without Django: a bomb ends that process alone.
"""
