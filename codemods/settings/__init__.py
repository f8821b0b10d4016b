"""What a repository and a person want: configuration, policy, and the mistakes in both."""
