"""The words of the trade: plain values that every other room speaks in.

Only the standard library, and pydantic where users write the values in files.
"""
