"""Classifies errors of a connection as failures of the mail server."""

import ssl
from socket import gaierror

import aiosmtplib

from service.domain.delivery.server_failures import Failure
from service.domain.delivery.smtp_reply import SessionStage


def failure_of(stage: SessionStage, error: Exception) -> Failure:
    """The reason of an error while connecting, encrypting or logging in."""
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPException) and error.__cause__ else error
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 400:
        return Failure.LOGIN if stage is SessionStage.AUTH else Failure.REPLY
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return Failure.NO_MECHANISM if stage is SessionStage.AUTH else Failure.TLS
    if isinstance(cause, TimeoutError | aiosmtplib.SMTPTimeoutError):
        return Failure.TIMEOUT
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Failure.CERTIFICATE
    if isinstance(cause, ssl.SSLError):
        return Failure.TLS
    if isinstance(cause, gaierror | UnicodeError):
        return Failure.UNKNOWN_HOST
    if isinstance(cause, ConnectionRefusedError):
        return Failure.REFUSED
    if isinstance(cause, ConnectionError | aiosmtplib.SMTPServerDisconnected | EOFError):
        return Failure.CLOSED
    if stage is SessionStage.AUTH:
        return Failure.LOGIN
    return Failure.UNREACHABLE
