"""Salur delivers social assistance and proves that it arrived: who is owed, who was paid, who was missed, and why."""
