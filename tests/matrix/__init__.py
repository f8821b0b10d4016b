"""The proof of the rules: what a fix changes in the templates that the real CDK makes.

A rule's table of forms is multiplied by the ways to import the CDK and by the constructs that a
call can stand in. Each case is a file; it is fixed, synthesized before and after, and the templates
must differ in exactly what the form and the rule declare.
"""
