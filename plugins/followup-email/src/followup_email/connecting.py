"""What both protocols need of a connection: verified encryption, and errors in words that hide passwords."""

from __future__ import annotations

import ssl

from followup.errors import UsageError
from followup_email.accounts import Server

__all__ = ["encryption", "failure"]


def encryption(server: Server) -> ssl.SSLContext:
    """TLS 1.2 or later, with the server's name and certificate verified. Raises UsageError."""
    try:
        context = ssl.create_default_context(cafile=server.trust)
    except (OSError, ssl.SSLError):
        raise UsageError(
            f"{server.trust}: there are no certificates to trust; name a file in PEM form"
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def failure(error: Exception) -> str:
    """What went wrong on the way to a server, in words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no encryption could be agreed on: {error.reason or 'it does not answer in TLS'}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "it does not answer in time"
    if isinstance(error, OSError):
        return (error.strerror or "the connection was lost").lower()
    return "the connection was lost"
