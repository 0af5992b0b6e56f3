"""What is served: the versions of a stack as they come, older ones, and several stacks together."""
