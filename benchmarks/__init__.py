"""What is measured, against whom, in one run: `make bench`. Timings live here and never in tests."""
