"""Why a database, Redis or another server can't be used: in words, without URLs, passwords or addresses."""

#: The name of the dependency, by the library whose error it is. Their own messages may hold passwords.
_LIBRARIES = {
    "sqlalchemy": "The database can't be used",
    "psycopg": "The database can't be used",
    "sqlite3": "The database can't be used",
    "redis": "Redis can't be used",
    "httpx": "The service can't be reached at the URL given",
    "aiosmtplib": "The mail server can't be used",
}


def sentence(problem: BaseException) -> str:
    """An error that ends a process, as one sentence for the operator, without secrets."""
    library = type(problem).__module__.split(".")[0]
    if library in _LIBRARIES:
        return f"{_LIBRARIES[library]}: {reason(problem)} (see trial-alerts doctor)."
    if library == "service" and str(problem):
        return str(problem).splitlines()[0]
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.filename or 'The system'}: {problem.strerror}."
    return f"An unexpected error occurred ({type(problem).__name__}); --traceback shows where."


def reason(problem: BaseException) -> str:
    """The reason of a library's error as part of a sentence; the error's own message may hold secrets."""
    cause: BaseException = getattr(problem, "orig", None) or problem
    while cause.__cause__ is not None and not isinstance(cause, OSError):
        cause = cause.__cause__
    text = " ".join(str(cause).split())
    for words, meaning in _KNOWN.items():
        if words in text.lower() or words in type(cause).__name__.lower():
            return meaning
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror.lower()
    return type(cause).__name__


_NO_SOCKET = "nothing listens on its socket: it is not running, or keeps it in another folder"
_OPTION = "its URL has an option after ? that is unknown or has a wrong value"

#: Parts of drivers' messages, or names of errors, and their meaning.
_KNOWN = {
    "undefinedcolumn": "the tables are of another version: run trial-alerts migrate",
    "undefinedtable": "the tables are missing: run trial-alerts migrate",
    "does not exist": "there is no such database or user",
    "peer authentication failed": "its user must have the name of the account that runs this (peer)",
    "authentication failed": "user or password refused",
    "no password supplied": "a password is required",
    "pg_hba.conf": "its pg_hba.conf does not admit this user from here",
    "permission denied for": "the user lacks a right: its tables belong to another one",
    "permission denied": "this process may not use its socket or file",
    "no schema has been selected": "there is no schema in its search path",
    "invalid connection option": _OPTION,
    "bad value for": _OPTION,
    "connection is bad: invalid": _OPTION,
    "unrecognized configuration parameter": _OPTION,
    "wrongpass": "user or password refused",
    "noauth": "a password is required",
    "noperm": "the user lacks a right",
    "authenticationerror": "user or password refused",
    "connectionrefused": "connection refused: nothing listens there",
    "connection refused": "connection refused: nothing listens there",
    "connect call failed": "connection refused: nothing listens there",
    "db index is out of range": "it has no database of the number in its URL",
    "invalidresponse": "what listens there is no Redis",
    "no such file or directory": _NO_SOCKET,
    "on that socket": _NO_SOCKET,
    "ssl negotiation": "what listens there is no PostgreSQL",
    "does not support ssl": "it has no TLS, which the URL requires",
    "wrong version number": "what listens there takes no TLS, which the URL requires",
    "connectionreset": "it closes connections at once, as a Redis in protected mode does, or with TLS (rediss://)",
    "name or service not known": "the host's name can't be resolved",
    "failed to resolve": "the host's name can't be resolved",
    "getaddrinfo": "the host's name can't be resolved",
    "nameresolution": "the host's name can't be resolved",
    "certificate": "the server's certificate does not verify",
    "connection timeout": "no answer from its host",
    "too many clients": "it takes no more connections",
    "too many connections": "it takes no more connections",
    "connection slots are reserved": "it takes no more connections",
    "queuepool": "all connections to it are in use",
    "the database system is": "it is starting or shutting down",
    "terminating connection": "it ended the connection",
    "server closed the connection": "it ended the connection",
    "read-only": "it is read-only",
    "readonly": "it is read-only",
    "statement timeout": "no answer in time",
    "disk i/o error": "its disk fails",
    "image is malformed": "the database file is damaged: restore a backup",
    "disk is full": "its disk is full",
    "no space left": "its disk is full",
    "database is locked": "another program has the database file locked",
    "no such column": "the tables are of another version: run trial-alerts migrate",
    "no such table": "the tables are missing: run trial-alerts migrate",
    "database file: there is none": "its file is missing; trial-alerts migrate makes a new one",
    "unable to open database file": "the database file can't be opened",
    "file is not a database": "the file is no SQLite database",
    "nonameservers": "no name server answers",
    "lifetimetimeout": "no name server answers",
    "timeouterror": "no answer in time",
    "decryptionerror": "none of the secret keys opens what is stored",
}
