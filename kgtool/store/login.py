"""How kgtool logs in to a server: from the address, the environment or a netrc file; by token, Basic or Digest.

https://www.rfc-editor.org/rfc/rfc7617 · https://www.rfc-editor.org/rfc/rfc7616
"""

from __future__ import annotations

import base64
import os
import urllib.request
from email.message import Message
from urllib.parse import urlsplit

from kgtool.errors import StoreError

__all__ = ["Login", "find_login"]


class Login:
    """A user or a token, and what the server wants to see of it.

    A token is shown at once, a password only to a server that asks for it, in the way it asks for it.
    """

    def __init__(self, user: str | None = None, password: str = "", *, token: str | None = None) -> None:
        self._user = user
        self._password = password
        self._token = token
        self._basic = False
        self._challenge: dict[str, str] | None = None
        self._passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        self._digest = urllib.request.AbstractDigestAuthHandler(self._passwords)

    @property
    def is_known(self) -> bool:
        """Whether there is anything to log in with."""
        return self._token is not None or self._user is not None

    def sign(self, request: urllib.request.Request) -> None:
        """Add to a request what the server wants to see."""
        value = None
        if self._token is not None:
            value = f"Bearer {self._token}"
        elif self._user is not None and self._challenge is not None:
            self._passwords.add_password(None, request.full_url, self._user, self._password)
            written = self._digest.get_authorization(request, self._challenge)
            value = written and f"Digest {written}"
        elif self._user is not None and self._basic:
            value = "Basic " + base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
        if value:
            request.add_unredirected_header("Authorization", value)

    def learn(self, headers: Message) -> bool:
        """Learn from a refusal how to log in.

        :returns: whether the request is worth sending again.
        """
        if self._user is None:
            return False
        for challenge in headers.get_all("WWW-Authenticate", []):
            scheme, _, rest = challenge.strip().partition(" ")
            if scheme.lower() == "digest":
                asked = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
                new = self._challenge is None or asked.get("nonce") != self._challenge.get("nonce")
                self._challenge = asked
                return new
            if scheme.lower() == "basic" and not self._basic:
                self._basic = True
                return True
        return False


def find_login(url: str, given: tuple[str, str] | None) -> Login:
    """Find what to log in with: in the address, in the environment, in a netrc file.

    :raises StoreError: if the netrc file cannot be read.
    """
    if given is not None:
        return Login(*given)
    token = os.environ.get("KGTOOL_TOKEN")
    if token:
        return Login(token=token)
    user = os.environ.get("KGTOOL_USER")
    if user:
        return Login(user, os.environ.get("KGTOOL_PASSWORD", ""))
    found = _from_netrc(urlsplit(url).hostname or "")
    return Login(*found) if found else Login()


def _from_netrc(host: str) -> tuple[str, str] | None:
    import netrc

    file = os.environ.get("NETRC") or os.path.join(os.path.expanduser("~"), ".netrc")
    try:
        found = netrc.netrc(file).authenticators(host)
    except FileNotFoundError:
        return None
    except (netrc.NetrcParseError, OSError, UnicodeDecodeError):
        # Without its cause: the message of a parser may repeat what it read, a password.
        raise StoreError("cannot be read as a netrc file", file=file, hint="correct it, or set NETRC") from None
    return None if found is None else (found[0], found[2] or "")
