"""What people and Apps do: each action checks it, records it, and sends the webhooks.

The REST routes, GraphQL, the pages and the Python face all act through here, so that a comment
written in a browser and one written by a client are the same comment. `by` is the acting user;
for an App it is its bot. Every action raises `sandbox.errors.Refused` where GitHub would refuse.
"""
