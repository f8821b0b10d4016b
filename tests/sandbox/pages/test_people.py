import xml.etree.ElementTree as ET

from sandbox.git import Commit
from sandbox.pages.people import authors, avatar, choices, details, headline
from tests.sandbox.pages.scene import Scene

MESSAGE = """Fix the network

One gateway for each zone.

Co-authored-by: Omar Haddad <{omar}>
co-authored-by: Somebody <somebody@example.com>
Co-authored-by: Omar Haddad <{omar}>
"""


def test_co_authors_are_named_once(bare: Scene) -> None:
    state = bare.github.state
    pull = bare.pull.record
    omar = state.user("omar")
    [commit] = pull.repository.git.commits(pull.base_sha, pull.head_sha)
    message = MESSAGE.format(omar=omar.email)
    named = Commit(**{**vars(commit), "message": message})
    assert [person.name for person in authors(state, named)] == ["maria", "omar", "Somebody"]
    assert headline(message) == "Fix the network"
    assert details(message) == "One gateway for each zone."


def test_people_who_can_write_are_offered_first(bare: Scene) -> None:
    repository = bare.pull.record.repository
    logins = [user.login for user in choices(bare.github.state, repository)]
    assert logins == ["maria", "omar", "stranger"]


def test_a_picture_is_drawn_from_any_name() -> None:
    for name in ("maria", "<script>", "", "🦀"):
        ET.fromstring(avatar(name, square=True))
