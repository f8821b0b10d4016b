"""What fixes do to the CloudFormation templates, by synthesis on somebody's own machine.

Runs the app of a CDK project, which a person does who trusts it. Nothing else may import this: the
bot runs no code of a pull request.
"""
