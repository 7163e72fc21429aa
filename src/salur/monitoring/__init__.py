"""Right family, amount, time, administration; and price and quality once there is evidence?

Words: *indicator* (a published formula), *numerator*, *denominator* (0 means "no data", never 100 %), *data as of*.
"""
