"""The script that reads what cfn-lint ships into the table of replacements."""

from tools.update_replacements import TABLE, rendered, row, table


def test_the_committed_table_is_what_the_installed_schemas_say() -> None:
    assert TABLE.read_text() == rendered(table()), "run `make replacements`"


def test_a_schema_without_such_properties_is_left_out() -> None:
    assert row({"properties": {"Name": {}}}) == {}


def test_what_always_replaces_is_kept_apart_from_what_sometimes_does() -> None:
    schema = {
        "createOnlyProperties": ["/properties/Name", "/properties/Spec/Kind"],
        "conditionalCreateOnlyProperties": ["/properties/Zone"],
    }
    assert row(schema) == {"always": ["Name", "Spec/Kind"], "sometimes": ["Zone"]}
