from __future__ import annotations

from bot.diff import Change
from bot.markdown import COMMENT_LIMIT
from bot.summary import is_summary, summary
from codemods import Safety
from tests.bot.made import fix, placed, report

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
        "| `shared-nat-gateway` | critical | `stacks/network.py:12` | Safe: Gateways are added and "
        "nothing is replaced. | +73.00 USD | changes `AWS::EC2::NatGateway` |"
    ) in text
    assert ("Unsafe: CloudFormation replaces the bucket. |  | replaces `AWS::S3::Bucket` |") in text
    assert "`/fix` commits 1 safe fix. 1 unsafe fix waits for `/fix --unsafe RULE`." in text
    assert "| `/fix help` |" in text
    assert is_summary(text)


def test_what_was_here_before_is_folded() -> None:
    text = summary(report(placed(), placed(Change.UNCHANGED, line=30)), exists=False)
    assert text is not None
    assert "<summary>1 finding was here before, in the same files</summary>" in text
    assert text.index("stacks/network.py:12") < text.index("<details>")
    assert text.index("stacks/network.py:30") > text.index("<details>")


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


def test_a_thousand_findings_fit_and_keep_the_marker() -> None:
    many = [placed(line=n + 1, message="x" * 900, fix=COSTLY) for n in range(1000)]
    long = [(f"{'d' * 200}/{n}.py", "r" * 900) for n in range(300)]
    text = summary(report(*many, problems=tuple(long)), exists=False)
    assert text is not None
    assert len(text) <= COMMENT_LIMIT
    assert is_summary(text)


def test_the_same_report_gives_the_same_text() -> None:
    assert summary(report(placed()), exists=True) == summary(report(placed()), exists=False)
