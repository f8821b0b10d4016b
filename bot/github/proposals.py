"""The bot's own pull requests: which there are, whose they became, and what changes in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from bot.github.errors import Refused, Unavailable
from bot.github.wire import Wire

COMMITS_READ = 30
"""A pull request of the bot with more commits than this has somebody else's."""

_BRANCHES_A_REQUEST = 20
_PULLS_A_PAGE = 20
_PAGES_AT_MOST = 10

_FIELDS = f"""
pageInfo {{ hasNextPage endCursor }}
nodes {{
  number state isDraft isCrossRepository viewerDidAuthor title body
  headRefName headRefOid baseRefName baseRefOid
  labels(first: 50) {{ nodes {{ name }} }}
  closed: timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) {{
    nodes {{ ... on ClosedEvent {{ actor {{ __typename login }} }} }}
  }}
  commits(last: {COMMITS_READ}) {{ totalCount nodes {{ commit {{ author {{ email }} }} }} }}
}}"""

AUTHOR = """query($owner: String!, $name: String!, $commit: GitObjectID!) {
  viewer { login databaseId }
  repository(owner: $owner, name: $name) {
    object(oid: $commit) { ... on Commit { author { email } } }
  }
}"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull request of the bot from a branch of this repository.

    `head` and `base_head` are the commits that it shows and is compared with. `state` is "open",
    "closed" or "merged"; `closed_by` the login of whoever closed or merged it, "" while it is open
    or where that account is gone; `withdrawn` says that it was the bot that closed it. It is
    `touched` where any of its commits is not the bot's.
    """

    number: int
    branch: str
    head: str
    base_branch: str
    base_head: str
    state: Literal["open", "closed", "merged"]
    draft: bool
    title: str
    body: str
    labels: tuple[str, ...]
    closed_by: str
    withdrawn: bool
    touched: bool


class Proposals:
    """The bot's pull requests in one repository. Every method raises what `Repository`'s do."""

    def __init__(self, wire: Wire, name: str) -> None:
        """Speak of the repository "owner/name"."""
        self._wire = wire
        self._owner, _, self._name = name.partition("/")
        self._path = f"/repos/{quote(self._owner, safe='')}/{quote(self._name, safe='')}"

    def own(self, branches: Sequence[str]) -> list[Proposal]:
        """The bot's pull requests from these branches, in any state, the newest first.

        They are found by the branch and by their author, whoever else opens some from a branch of
        this name, in a fork for instance. One request for each twenty branches, and more only
        where there are more than twenty pull requests from branches of one name.
        """
        found: list[Proposal] = []
        for start in range(0, len(branches), _BRANCHES_A_REQUEST):
            pages = dict.fromkeys(branches[start : start + _BRANCHES_A_REQUEST], "")
            for _ in range(_PAGES_AT_MOST):
                if not pages:
                    break
                proposals, pages = self._page(pages)
                found += proposals
        return sorted(found, key=lambda proposal: -proposal.number)

    def wrote(self, commit: str) -> bool:
        """Whether GitHub made a commit in the bot's name."""
        variables = {"owner": self._owner, "name": self._name, "commit": commit}
        data = self._wire.query(AUTHOR, variables)
        try:
            return _Bot.of(data["viewer"]).wrote(data["repository"]["object"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unavailable("GitHub described a commit in an unknown shape.") from error

    def open(self, *, title: str, body: str, branch: str, base: str, draft: bool = False) -> int:
        """Open a pull request and return its number; one of the bot's that is there will do.

        Args:
            title: of at most 256 characters.
            body: Markdown, of at most 65,536 characters.
            branch: where the commits are.
            base: the branch that they are for.
            draft: whether it is opened as one; not every plan has drafts.
        """
        wanted = {"title": title, "body": body, "head": branch, "base": base, "draft": draft}
        try:
            return self._number(self._wire.write("POST", f"{self._path}/pulls", wanted))
        except Refused as refusal:
            for proposal in self.own([branch]) if refusal.status == 422 else []:
                if proposal.state == "open" and proposal.base_branch == base:
                    return proposal.number
            raise

    def edit(self, number: int, **changes: str) -> None:
        """Change the `title`, the `body`, or the `state` ("open" or "closed")."""
        self._wire.write("PATCH", f"{self._path}/pulls/{number}", changes)

    def label(self, number: int, labels: Sequence[str]) -> None:
        """Add labels, which GitHub makes where the repository has none of that name."""
        if labels:
            path = f"{self._path}/issues/{number}/labels"
            self._wire.write("POST", path, {"labels": list(labels)})

    def _page(self, cursors: Mapping[str, str]) -> tuple[list[Proposal], dict[str, str]]:
        """Some pull requests from each branch, and where those that have more continue."""
        variables = {"owner": self._owner, "name": self._name}
        for index, (branch, cursor) in enumerate(cursors.items()):
            variables |= {f"b{index}": branch} | ({f"c{index}": cursor} if cursor else {})
        data = self._wire.query(query(len(cursors)), variables)
        if not data.get("repository"):
            raise Refused(404, "The repository is gone.")
        try:
            bot = _Bot.of(data["viewer"])
            lists = [data["repository"][f"p{index}"] for index in range(len(cursors))]
            more = {
                branch: str(each["pageInfo"]["endCursor"])
                for branch, each in zip(cursors, lists, strict=True)
                if each["pageInfo"]["hasNextPage"]
            }
            return [_read(node, bot) for each in lists for node in _own(each["nodes"])], more
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unavailable("GitHub listed pull requests in an unknown shape.") from error

    def _number(self, answer: Any) -> int:
        try:
            return int(answer["number"])
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable("GitHub did not number the pull request that it made.") from error


@dataclass(frozen=True, slots=True)
class _Bot:
    """Who asks; `login` is without the "[bot]" that some answers have behind it."""

    login: str
    id: int

    @classmethod
    def of(cls, viewer: Mapping[str, Any]) -> _Bot:
        return cls(viewer["login"].removesuffix("[bot]"), int(viewer["databaseId"]))

    def closed(self, actor: Mapping[str, Any]) -> bool:
        return actor.get("__typename") == "Bot" and actor["login"] in {
            self.login,
            f"{self.login}[bot]",
        }

    def wrote(self, commit: Mapping[str, Any]) -> bool:
        """Whether GitHub made the commit in the bot's name; the address is what it gives it."""
        email = (commit["author"] or {}).get("email") or ""
        return str(email).startswith(f"{self.id}+{self.login}[bot]@")


def query(branches: int) -> str:
    """The query for the pull requests from so many branches: `$b0` and up, after `$c0` and up."""
    names = range(branches)
    declared = ["$owner: String!", "$name: String!"]
    declared += [f"$b{index}: String!, $c{index}: String" for index in names]
    lists = [
        f"p{index}: pullRequests(headRefName: $b{index}, first: {_PULLS_A_PAGE}, "
        f"after: $c{index}, orderBy: {{field: CREATED_AT, direction: DESC}}) {{{_FIELDS}\n}}"
        for index in names
    ]
    inner = "\n".join(lists)
    return (
        f"query({', '.join(declared)}) {{\nviewer {{ login databaseId }}\n"
        f"repository(owner: $owner, name: $name) {{\n{inner}\n}}\n}}"
    )


def _own(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (node for node in nodes if node["viewerDidAuthor"] and not node["isCrossRepository"])


def _read(node: Mapping[str, Any], bot: _Bot) -> Proposal:
    commits = node["commits"]
    state = node["state"].lower()
    closed = node["closed"]["nodes"] if state != "open" else []
    actor = (closed[0]["actor"] or {}) if closed else {}
    return Proposal(
        number=int(node["number"]),
        branch=node["headRefName"],
        head=node["headRefOid"],
        base_branch=node["baseRefName"],
        base_head=node["baseRefOid"],
        state=state,
        draft=bool(node["isDraft"]),
        title=node["title"],
        body=node["body"],
        labels=tuple(label["name"] for label in node["labels"]["nodes"]),
        closed_by=actor.get("login", ""),
        withdrawn=state == "closed" and bot.closed(actor),
        touched=commits["totalCount"] > COMMITS_READ
        or not all(bot.wrote(each["commit"]) for each in commits["nodes"]),
    )
