"""Who carries it to the family, and was it handed over?

Words: *channel* (a bank or PT Pos), *instruction* (we ask a channel), *batch* (instructions prepared by one officer and released by
another), *attempt* (the how-manieth instruction for the same money), *result* (the channel's report), *line* (one row of it).
"""
