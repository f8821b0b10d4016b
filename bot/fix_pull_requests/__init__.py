"""The bot's own pull requests: what they hold, what they say, when they come and go.

Everything here is pure; `bot.operations.tend_repository` carries it out.
"""
