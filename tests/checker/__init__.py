"""A second opinion on Salur, written from the documented files and rules alone; imports nothing of Salur."""
