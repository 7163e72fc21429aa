"""What money is there, what is spoken for?

Words: *ceiling* (pagu, with revisions), *commitment* (an approved list's rupiah), *posting* (one double-entry line; never changed).
Every rupiah is in one state: ceiling → committed → at channel → credited → collected, or returned to the treasury.
"""
