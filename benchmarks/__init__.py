"""How fast the house is, each figure beside its limit of the same run on the same machine.

A single figure varies by a quarter on a busy machine; what is steady is the CPU time per request and the ratio to the limit.
"""
