"""What an auditor should know of a fleet: pure functions over the stack's outputs."""
