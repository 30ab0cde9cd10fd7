"""The reasoning: facts, screening, patterns, factors, safety, planning, progression, and the explanations of all of them."""
