"""Runs codemods on untrusted files, in processes that can die without taking the bot along.

libcst's parser can be crashed, or kept busy for hours, by a few dozen bytes, and it holds the
interpreter's lock meanwhile: no thread, timeout or signal handler helps. So a zygote, a process
that has the codemods imported and never sees a secret, forks one child a batch of files; the child
is limited, and killed from outside.

`processes` is the bot's side, `zygote` the process that forks, `worker` what a child does with one
file, `prescan` the cheap look that explains what the limits would only end.
"""
