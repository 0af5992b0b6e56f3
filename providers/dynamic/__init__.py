"""The Pulumi dynamic providers: the one place, with `stacks`, that knows Pulumi."""
