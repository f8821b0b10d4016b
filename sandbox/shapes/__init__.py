"""The JSON shapes of GitHub's REST API and webhooks, as its OpenAPI description gives them.

Each function takes the `State` and a record and returns a fresh, JSON-ready dict.
"""
