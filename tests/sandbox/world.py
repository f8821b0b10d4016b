"""An App installed on a repository with a pull request, served on a port."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, Github, GithubIntegration

from sandbox import PullRequestHandle, RepositoryHandle, Sandbox, serve
from sandbox.state import Installation, Registration

LINES = "".join(f"line {n}\n" for n in range(1, 41))
PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "pull_requests": "write",
}
EVENTS = ("check_run", "issue_comment", "pull_request", "push", "repository")


@dataclass
class World:
    github: Sandbox
    registration: Registration
    repository: RepositoryHandle
    installation: Installation
    pull: PullRequestHandle

    @property
    def integration(self) -> GithubIntegration:
        auth = Auth.AppAuth(self.registration.app_id, self.registration.private_key)
        return GithubIntegration(
            auth=auth,
            base_url=self.github.api_url,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )

    @property
    def client(self) -> Github:
        return self.integration.get_github_for_installation(self.installation.id)

    def jwt(self, **changes: Any) -> str:
        now = int(self.github.state.now().timestamp())
        claims = {"iss": str(self.registration.app_id), "iat": now - 60, "exp": now + 540}
        return jwt.encode(claims | changes, self.key, algorithm="RS256")

    @cached_property
    def key(self) -> RSAPrivateKey:
        key = load_pem_private_key(self.registration.private_key.encode(), None)
        assert isinstance(key, RSAPrivateKey)
        return key

    @cached_property
    def http(self) -> httpx.Client:
        return httpx.Client(trust_env=False, verify=False)

    def app_request(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.send(method, path, self.jwt(), body)

    def token(self, **wanted: Any) -> str:
        path = f"/app/installations/{self.installation.id}/access_tokens"
        answer = self.app_request("POST", path, wanted)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    def send(self, method: str, path: str, token: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.github.api_url + path
        return self.http.request(method, url, headers=headers, json=body)

    def request(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.send(method, path, self.token(), body)


@contextmanager
def make_world(directory: Path, webhook_url: str = "") -> Iterator[World]:
    with Sandbox(directory) as github, serve(github):
        for login in ("maria", "stranger", "ada"):
            github.add_user(login)
        repository = github.add_repository(
            "acme/payments",
            files={"app.py": LINES, "README.md": "# Payments\n", "src/deep.py": "x = 1\n"},
            collaborators={"maria": "write", "ada": "triage"},
        )
        registration = github.register_app(
            slug="cdk-medic",
            webhook_url=webhook_url,
            webhook_secret="keep it safe",
            permissions=PERMISSIONS,
            events=EVENTS,
        )
        installation = github.install(registration, repository)
        pull = repository.open_pull_request(
            author="maria",
            title="Change line 20",
            branch="feature",
            files={"app.py": LINES.replace("line 20\n", "line twenty\n")},
        )
        yield World(github, registration, repository, installation, pull)
