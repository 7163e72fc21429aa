"""Does what we sent equal what arrived, to the rupiah?

Words: *settlement* (the state of one instruction, or of an entitlement that was not instructed), *fold* (state = function of the set
of lines), *exception* (what a person must look at, by cause), *difference* (rupiah that do not agree; must be 0).
"""
