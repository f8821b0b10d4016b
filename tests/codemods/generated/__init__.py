"""CDK files that Hypothesis makes up: what they say, how they import it, how they are laid out."""
