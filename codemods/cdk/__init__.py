"""What the AWS CDK is: constructs, grants, policies, engine versions, as code spells them."""
