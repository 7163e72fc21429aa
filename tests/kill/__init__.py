"""Kill commands and the database server at any moment; what comes out must equal an undisturbed run.

Run alone: `PYTHONPATH=tests:src python -m kill.harness --times 100 --families 600 --seed salur`.
"""
