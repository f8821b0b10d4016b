"""A pack of rules for cdk-medic: every module of this package is a rule."""
