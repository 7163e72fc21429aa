"""A synthetic country of any size, for measuring: sealed straight into the lake, without one row of people in PostgreSQL.

Everything is worked out in the engine from a seed and the number of the row, province by province: the same seed gives the same
digests. None of it is real but the codes of the villages.
"""
