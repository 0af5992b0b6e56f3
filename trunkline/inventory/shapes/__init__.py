"""The shape of numbers.yaml: which keys there are and what each takes, and its JSON Schema."""
