"""Other tools that look at Python code, measured beside cdk-medic."""
