"""Who is admitted, by which decree, who waits, who is not, and why?

Words: *considered* (every family of the release), *outcome* (admitted, held, waiting, not_admitted), *draw* (the committed secret
that breaks ties), *determination* (one sealed list for a programme and period).
"""
