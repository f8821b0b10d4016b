from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from sandbox.graphql.endpoint import schema
from tests.sandbox.published import graphql


def test_every_type_is_a_part_of_the_published_one() -> None:
    published = build_schema(graphql(), assume_valid=True)
    differences = []
    compared = 0
    for name, mine in schema().type_map.items():
        if name.startswith("__"):
            continue
        differences += _differences(published, name, mine)
        compared += 1
    assert differences == []
    assert compared > 60


def _differences(published: GraphQLSchema, name: str, mine: object) -> list[str]:
    theirs = published.type_map.get(name)
    if type(theirs) is not type(mine):
        return [f"{name} is another kind of type"]
    found = []
    if isinstance(mine, GraphQLEnumType) and isinstance(theirs, GraphQLEnumType):
        found += [f"{name}.{value}" for value in set(mine.values) - set(theirs.values)]
    if isinstance(mine, GraphQLInputObjectType) and isinstance(theirs, GraphQLInputObjectType):
        for field, it in mine.fields.items():
            if field not in theirs.fields or str(theirs.fields[field].type) != str(it.type):
                found.append(f"{name}.{field}")
    if isinstance(mine, GraphQLObjectType | GraphQLInterfaceType):
        assert isinstance(theirs, GraphQLObjectType | GraphQLInterfaceType)
        extra = {i.name for i in mine.interfaces} - {i.name for i in theirs.interfaces}
        found += [f"{name} implements {interface}" for interface in extra]
        for field, output in mine.fields.items():
            real = theirs.fields.get(field)
            if real is None or str(real.type) != str(output.type):
                found.append(f"{name}.{field}: {output.type}")
                continue
            for argument, value in output.args.items():
                known = real.args.get(argument)
                if known is None or str(known.type) != str(value.type):
                    found.append(f"{name}.{field}({argument}: {value.type})")
    return found
