from __future__ import annotations

from tests.codemods.rules.verbs import Verbs

NAME = "unpinned-engine-version"


def test_a_long_line_with_of_is_laid_out_as_a_formatter_would() -> None:
    code = """
        import aws_cdk.aws_rds as rds

        def f():
            return make(
                version=rds.PostgresEngineVersion.{},
            )
        """
    in_one = 'of("15.17", "15", s3_import=True, s3_export=True)'
    in_three = """of(
                    "15.17", "15", s3_import=True, s3_export=True
                )"""
    in_six = """of(
                    "15.17",
                    "15",
                    s3_import=True,
                    s3_export=True,
                )"""
    for length, after in ((120, in_one), (79, in_three), (50, in_six)):
        narrow = Verbs(NAME, cdk_version="2.80.0", line_length=length)
        narrow.rewrites(code.format("VER_15"), code.format(after))


def test_comments_between_the_names_are_kept() -> None:
    code = """
        import aws_cdk.aws_rds as rds

        version = (
            rds  # the module
            .PostgresEngineVersion  # the class
            .{}
        )
        """
    Verbs(NAME, cdk_version="2.80.0").rewrites(
        code.format("VER_15"), code.format('of("15.17", "15", s3_import=True, s3_export=True)')
    )
