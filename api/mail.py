"""Sends mail to people, in the background: nobody who asks for a link can tell by the time whether one was sent."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from threading import Thread

import structlog

from api.mail_settings import Mail

PATIENCE = 20.0  # seconds, for each answer of the mail server
log = structlog.get_logger()


def can_send(settings: Mail) -> bool:
    """Tell whether a mail server is set."""
    return bool(settings.host)


def send_soon(settings: Mail, to: str, subject: str, text: str) -> Thread:
    """Send a message without waiting for it; a failure is logged. Returns the thread that does it."""
    thread = Thread(target=_send_or_log, args=(settings, message(settings, to, subject, text)), daemon=True)
    thread.start()
    return thread


def message(settings: Mail, to: str, subject: str, text: str) -> EmailMessage:
    """Return a plain message; a line break in a header is refused by the standard library."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = settings.sender, to, subject
    made["Date"] = formatdate()
    made["Message-ID"] = make_msgid(domain=settings.sender.rpartition("@")[2])
    # RFC 3834: no automatic answer to this, please.
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


def send(settings: Mail, made: EmailMessage) -> None:
    """Hand a message to the mail server, over TLS wherever the server offers it. Raises OSError or SMTPException."""
    safely = ssl.create_default_context()
    if settings.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=PATIENCE, context=safely)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=PATIENCE)
    with server:
        server.ehlo()
        if settings.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=safely)
            server.ehlo()
        if settings.user:
            if settings.scheme == "smtp" and not isinstance(server.sock, ssl.SSLSocket):
                raise smtplib.SMTPException("the server offers no TLS; the password is not sent in the clear")
            server.login(settings.user, settings.password)
        server.send_message(made)


def _send_or_log(settings: Mail, made: EmailMessage) -> None:
    try:
        send(settings, made)
    except (OSError, smtplib.SMTPException) as error:
        log.error("mail_failed", said=str(error), server=settings.host)
