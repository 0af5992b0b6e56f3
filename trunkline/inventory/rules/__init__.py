"""What an inventory must not say, or is warned of, by subject: agents, trunks, lines, and all entries together."""
