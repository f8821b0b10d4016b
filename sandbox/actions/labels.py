"""Labels are put on pull requests, and made where the repository has none of that name."""

from collections.abc import Iterable

from sandbox.errors import invalid
from sandbox.service import Service
from sandbox.state import Label, PullRequest

NAME_LIMIT = 50  # characters
_GREY = "ededed"  # what GitHub gives to a label that a request made


def add_labels(service: Service, pull: PullRequest, names: Iterable[str]) -> None:
    """Put labels on a pull request; those that it has stay, and case makes no other label.

    Raises:
        Refused: 422 for a name that is blank or too long.
    """
    with service.state.lock:
        known = pull.repository.labels
        for name in names:
            if not name.strip() or len(name) > NAME_LIMIT:
                raise invalid("Label", "name", "invalid")
            label = known.get(name.lower())
            if label is None:
                label = Label(service.state.next_id(), name, _GREY)
                known[name.lower()] = label
            if label not in pull.labels:
                pull.labels.append(label)
                pull.updated_at = service.state.now()
