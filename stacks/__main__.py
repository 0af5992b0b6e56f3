"""What `pulumi` runs."""

from stacks.program import main

main()
