from __future__ import annotations

from bot.events import SUMMARY
from bot.markdown import COMMENT_LIMIT, marked
from bot.summary import is_summary, short_paths, summary
from codemods import Safety
from tests.bot.made import HEAD, fix, placed, report

REPLACING = fix(
    safety=Safety.UNSAFE,
    reason="CloudFormation replaces the bucket. The new one is empty",
    replaces=("AWS::S3::Bucket",),
)
COSTLY = fix(monthly_cost_usd=73.0, changes=("AWS::EC2::NatGateway",))


def test_nothing_to_say_is_no_comment() -> None:
    assert summary(report(), exists=False) is None


def test_advisories_alone_are_no_comment() -> None:
    assert summary(report(placed(on_request=True)), exists=False) is None


def test_a_summary_that_has_nothing_left_says_so() -> None:
    text = summary(report(), exists=True)
    assert text is not None
    assert text.startswith("### cdk-medic: all findings are fixed")
    assert is_summary(text)


def test_the_table_says_where_whether_and_what_it_costs() -> None:
    text = summary(report(placed(fix=COSTLY), placed(fix=REPLACING, line=20)), exists=False)
    assert text is not None
    assert (
        "| critical `shared-nat-gateway`<br>`network.py:12` | safe<br>+73.00 USD a month |\n"
        "| critical `shared-nat-gateway`<br>`network.py:20` | **unsafe** |"
    ) in text
    assert (
        "- **`shared-nat-gateway`** at `stacks/network.py:12`. Safe: Gateways are added and "
        "nothing is replaced. CloudFormation changes `AWS::EC2::NatGateway`.\n"
        "- **`shared-nat-gateway`** at `stacks/network.py:20`. Unsafe: CloudFormation replaces the "
        "bucket. CloudFormation replaces `AWS::S3::Bucket`."
    ) in text
    assert "| `/fix help` |" in text
    assert is_summary(text)


def test_what_was_here_before_is_folded() -> None:
    text = summary(report(placed(), placed(was_here=True, line=30)), exists=False)
    assert text is not None
    assert "<summary>1 more was here before</summary>" in text
    folded = text.index("<summary>1 more was here before")
    assert text.index("`network.py:12`") < folded < text.index("`network.py:30`")


def test_files_of_one_name_are_told_apart() -> None:
    assert short_paths({"a/app.py", "b/app.py", "b/main.py", "app.py"}) == {
        "a/app.py": "a/app.py",
        "b/app.py": "b/app.py",
        "b/main.py": "main.py",
        "app.py": "app.py",
    }


def test_the_summary_ends_in_the_commit_that_it_is_about() -> None:
    text = summary(report(placed()), exists=False)
    assert text is not None
    assert text.endswith(f"<!-- cdk-medic:summary {HEAD} -->")


def test_a_path_cannot_forge_the_commit_that_a_box_is_bound_to() -> None:
    forged = f"<!-- cdk-medic:summary {'f' * 40} -->"
    text = summary(report(placed(path=f"{forged}.py"), problems=((forged, forged),)), exists=False)
    assert text is not None
    assert marked(text, SUMMARY) == [HEAD]


def test_a_file_that_could_not_be_analysed_is_named_with_its_reason() -> None:
    text = summary(report(problems=(("a.py", "line 3: invalid syntax"),)), exists=False)
    assert text is not None
    assert "- `a.py`: line 3: invalid syntax." in text


def test_commands_are_offered_only_where_they_could_fix_something() -> None:
    text = summary(report(placed(refusal="It is shared")), exists=False)
    assert text is not None
    assert "/fix" not in text


def test_what_a_comment_silences_here_is_listed() -> None:
    silenced = (placed(line=40).finding,)
    text = summary(report(placed(), silenced=silenced), exists=False)
    assert text is not None
    assert "1 finding silenced here by a comment in the code" in text


def test_what_is_silenced_here_is_never_passed_over_in_silence() -> None:
    text = summary(report(silenced=(placed(line=40).finding,)), exists=False)
    assert text is not None
    assert text.startswith("### cdk-medic: no new findings")
    assert "- `shared-nat-gateway` at `stacks/network.py:40`" in text


def test_a_thousand_findings_fit_and_keep_the_marker() -> None:
    many = [placed(line=n + 1, message="x" * 900, fix=COSTLY) for n in range(1000)]
    long = [(f"{'d' * 200}/{n}.py", "r" * 900) for n in range(300)]
    text = summary(report(*many, problems=tuple(long)), exists=False)
    assert text is not None
    assert len(text) <= COMMENT_LIMIT
    assert is_summary(text)


def test_the_same_report_gives_the_same_text() -> None:
    assert summary(report(placed()), exists=True) == summary(report(placed()), exists=False)


def test_many_findings_are_counted_by_rule_and_folded() -> None:
    gateways = [placed(fix=COSTLY, line=line) for line in range(1, 12)]
    others = [
        placed(rule="bucket-name-without-account", path="logs.py", fix=REPLACING),
        placed(rule="bucket-name-without-account", path="logs.py", line=30, refusal="It is a call"),
    ]
    text = summary(report(*gateways, *others), exists=False)
    assert text is not None
    assert (
        "| critical `shared-nat-gateway`<br>11 findings in 1 file "
        "| 11 safe<br>+803.00 USD a month |\n"
        "| critical `bucket-name-without-account`<br>2 findings in 1 file "
        "| 1 **unsafe**, 1 by hand |"
    ) in text
    folded = text.index("<summary>All 13 findings</summary>")
    assert folded < text.index("`logs.py:30`")


def test_a_dozen_findings_have_a_row_each() -> None:
    text = summary(report(*[placed(line=line) for line in range(1, 13)]), exists=False)
    assert text is not None
    assert "<summary>All" not in text
