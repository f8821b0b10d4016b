"""What people complain about in other bots, and what they get from this one instead."""
