"""Codemods for AWS CDK code in Python: source text in, findings and edits out.

This floor knows nothing of GitHub or HTTP. Its public face is `check`, `fix` and the values they
return; a finding is found on the standard library's syntax tree, and libcst is imported only when
there is something to rewrite.
"""

__version__ = "0.1.0"
