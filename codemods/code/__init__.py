"""What Python code says: its bytes, scopes and names, and where values come from and go to."""
