"""What goes on without a person waiting: the same runs that the commands call, started by the state of a row.

`salur-worker` works until it is stopped. A job that was killed is taken up again: every run holds its own lock and knows what is done.
"""
