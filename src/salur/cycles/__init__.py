"""What is each family due this time, and who has approved it?

Words: *cycle* (one payment round of one or more periods), *payment period* (programme × months; nobody is due twice in it),
*entitlement* (what a family is due), *digest* (of the list; the approval stores the one that was seen).
"""
