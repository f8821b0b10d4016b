"""GitHub's GraphQL API, as far as the stand-in knows it.

A node is a dict whose values are what a field holds, or functions of `(info, **arguments)` that
are only called for what a query asks for.
"""
