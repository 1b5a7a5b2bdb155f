"""Every table: columns only. What is done with them stands in the module of each noun.

Statements use the tables at the end of this file (`from service.store.sql import tables as t`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Text, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from service.store.sql.columns import BigId, Json, OrderedText, UtcDateTime


def _id() -> Any:
    return Field(default=None, primary_key=True, sa_type=BigId)


def _reference(target: str, **options: Any) -> Any:
    return Field(foreign_key=target, sa_type=BigId, **options)


def _moment(**options: Any) -> Any:
    return Field(sa_type=UtcDateTime, **options)


def _bytes(**options: Any) -> Any:
    return Field(sa_type=LargeBinary, **options)


#: For tables whose numbers stand in links: SQLite would give the number of a deleted row to a new one, and
#: an erased person's link would open somebody else's page.
_NEVER_REUSED = {"sqlite_autoincrement": True}


#: For narrow tables with a key of their own: SQLite keeps the row in the key's index, and none beside it.
_KEY_ONLY = {"sqlite_with_rowid": False}


class Subscriber(SQLModel, table=True):
    """A person's address and preferences. `sealed` holds the address and the secret of its links."""

    __table_args__ = _NEVER_REUSED
    id: int | None = _id()
    public_id: bytes = _bytes(unique=True)
    email_index: bytes = _bytes(unique=True)
    sealed: bytes = _bytes()
    key_id: int = Field(sa_type=BigId, index=True)
    locale: str = "en"
    timezone: str = "UTC"
    hour: int = 8
    weekday: int = 0
    discreet: bool = True
    paused_until: datetime | None = _moment(default=None, nullable=True)
    created_at: datetime = _moment()
    confirmed_at: datetime | None = _moment(default=None, nullable=True)
    terms_version: str | None = None
    address_changed_at: datetime | None = _moment(default=None, nullable=True)


class Topic(SQLModel, table=True):
    """A trial or a condition that can be followed; its last change worth a mail, and of any kind."""

    id: int | None = _id()
    key: str = Field(unique=True)
    kind: str
    name: str | None = None
    slug: str | None = Field(default=None, index=True)
    followable: bool = True
    last_seq: int = Field(default=0, sa_type=BigId, index=True)
    last_any_seq: int = Field(default=0, sa_type=BigId, index=True)


class ConditionName(SQLModel, table=True):
    """The names a condition is found by, folded."""

    __tablename__ = "condition_name"
    topic_id: int = _reference("topic.id", primary_key=True)
    folded: str = Field(primary_key=True, index=True)
    name: str
    preferred: bool = False


class TopicWord(SQLModel, table=True):
    """The words of topics' names, by which the search finds them; topics are never deleted."""

    __tablename__ = "topic_word"
    __table_args__ = (Index("topic_word_of_kind", "word", "kind", "topic_id"), _KEY_ONLY)
    topic_id: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    word: str = Field(primary_key=True, sa_type=OrderedText)
    kind: str


class WordEnding(SQLModel, table=True):
    """Each word that a topic's name holds, by its endings: what begins within a word is one range."""

    __tablename__ = "word_ending"
    __table_args__ = _KEY_ONLY
    ending: str = Field(primary_key=True, sa_type=OrderedText)
    word: str = Field(primary_key=True, sa_type=OrderedText)


class ConditionParent(SQLModel, table=True):
    """One step up in the hierarchy of conditions, as the ingestor told it (keys: a parent may be unknown)."""

    __tablename__ = "condition_parent"
    child: str = Field(primary_key=True)
    parent: str = Field(primary_key=True, index=True)


class ConditionClosure(SQLModel, table=True):
    """Each condition with everything above it and itself: "this and everything below" is one join."""

    __tablename__ = "condition_closure"
    condition: str = Field(primary_key=True)
    ancestor: str = Field(primary_key=True, index=True)


class ConditionState(SQLModel, table=True):
    """The newest `condition.upserted` accepted, by the time it was observed: order never matters."""

    __tablename__ = "condition_state"
    key: str = Field(primary_key=True)
    observed_at: datetime = _moment()
    digest: str


class Subscription(SQLModel, table=True):
    """A subscriber follows a topic at a frequency; pending, active or ended with a reason, never deleted.

    `active_seq`: nothing at or below is told. `catch_up_seq`: after a move between frequencies, where the
    next digest must begin instead. `listening`: planning reads it (active, or ended by news still to tell).
    `confirmation_id`: the delivery whose mail names this wish, and whose link alone confirms it; 0: none.
    """

    __table_args__ = (
        Index(
            "one_active_subscription",
            "subscriber_id",
            "topic_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "one_pending_subscription",
            "subscriber_id",
            "topic_id",
            "confirmation_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "subscription_listening",
            "topic_id",
            "frequency",
            "subscriber_id",
            sqlite_where=text("listening"),
            postgresql_where=text("listening"),
        ),
        Index("subscription_of_subscriber", "subscriber_id", "state"),
        Index(
            "subscription_catching_up",
            "subscriber_id",
            sqlite_where=text("catch_up_seq IS NOT NULL"),
            postgresql_where=text("catch_up_seq IS NOT NULL"),
        ),
        Index(
            "subscription_over",
            "subscriber_id",
            sqlite_where=text("listening AND state = 'ended'"),
            postgresql_where=text("listening AND state = 'ended'"),
        ),
        _NEVER_REUSED,
    )
    id: int | None = _id()
    subscriber_id: int = _reference("subscriber.id")
    topic_id: int = _reference("topic.id")
    state: str
    frequency: str
    filters: dict[str, Any] | None = Field(default=None, sa_type=Json)
    small_changes: bool = False
    active_seq: int = Field(default=0, sa_type=BigId)
    catch_up_seq: int | None = Field(default=None, sa_type=BigId)
    listening: bool = False
    end_reason: str | None = None
    confirmation_id: int = Field(default=0, sa_type=BigId)
    created_at: datetime = _moment()
    activated_at: datetime | None = _moment(default=None, nullable=True)
    ended_at: datetime | None = _moment(default=None, nullable=True)


class Slot(SQLModel, table=True):
    """When people of one frequency, zone, hour and weekday are told; everything up to `floor_seq` was told
    to each of them who was not left behind, at the slot's moment `due_at`."""

    __table_args__ = (UniqueConstraint("frequency", "zone", "hour", "weekday"),)
    id: int | None = _id()
    frequency: str
    zone: str
    hour: int
    weekday: int
    floor_seq: int = Field(default=0, sa_type=BigId)
    due_at: datetime | None = _moment(default=None, nullable=True)


class Cursor(SQLModel, table=True):
    """How far in the log one subscriber has been told, per frequency.

    `prior_seq` and `run_id` are of the last move, made and read in one transaction. `behind`: the
    slot's floor does not hold for this person (after a pause, a move, a release): look at everything.
    """

    __table_args__ = (
        Index("cursor_slot", "slot_id", "subscriber_id"),
        Index(
            "cursor_behind",
            "slot_id",
            "subscriber_id",
            sqlite_where=text("behind"),
            postgresql_where=text("behind"),
        ),
    )
    subscriber_id: int = _reference("subscriber.id", primary_key=True)
    frequency: str = Field(primary_key=True)
    slot_id: int = _reference("slot.id")
    seq: int = Field(sa_type=BigId)
    prior_seq: int = Field(default=0, sa_type=BigId)
    run_id: int | None = Field(default=None, sa_type=BigId)
    behind: bool = False


class Terms(SQLModel, table=True):
    """A version of the terms, with its exact text."""

    id: int | None = _id()
    version: str = Field(unique=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    sha256: str
    material: bool = False
    published_at: datetime = _moment()
    pause_at: datetime | None = _moment(default=None, nullable=True)


class Wording(SQLModel, table=True):
    """A text that people agreed to, kept once under its SHA-256."""

    sha256: str = Field(primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))


class Consent(SQLModel, table=True):
    """Who agreed to which text, when, how; append-only. `evidence`: sealed JSON."""

    id: int | None = _id()
    subscriber_id: int = Field(sa_type=BigId, index=True)
    kind: str
    at: datetime = _moment()
    terms_version: str | None = None
    wording_sha256: str | None = Field(default=None, foreign_key="wording.sha256")
    evidence: bytes = _bytes()


class Request(SQLModel, table=True):
    """The visitors' inbox: what was asked for at the forms, sealed, until a worker takes it in."""

    id: int | None = _id()
    kind: str
    sealed: bytes = _bytes()
    received_at: datetime = _moment()


class MailQuota(SQLModel, table=True):
    """One mail that somebody made us send to a mailbox that did not ask; counted per bucket, kept a day.

    Where `bucket` is the index of a domain, the one row of that domain: `at` is when its mails are paid off.
    """

    __tablename__ = "mail_quota"
    id: int | None = _id()
    bucket: bytes = _bytes(index=True)
    at: datetime = _moment(index=True)


class Webhook(SQLModel, table=True):
    """The `webhook-id` of each accepted request, so that its repetition is known."""

    id: str = Field(primary_key=True)
    received_at: datetime = _moment(index=True)


class Event(SQLModel, table=True):
    """What the ingestor sent, as it came: the inbox of changes."""

    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index(
            "event_waiting",
            "id",
            sqlite_where=text("state = 'received'"),
            postgresql_where=text("state = 'received'"),
        ),
        Index(
            "event_in_trouble",
            "state",
            "id",
            sqlite_where=text("state IN ('dead', 'conflict')"),
            postgresql_where=text("state IN ('dead', 'conflict')"),
        ),
    )
    id: int | None = _id()
    source: str
    event_id: str
    type: str
    subject: str
    revision: int | None = Field(default=None, sa_type=BigId)
    observed_at: datetime | None = _moment(default=None, nullable=True)
    received_at: datetime = _moment(index=True)
    body: str | None = Field(default=None, sa_column=Column(Text))
    state: str = "received"
    reason: str | None = None
    processed_at: datetime | None = _moment(default=None, nullable=True)


class Trial(SQLModel, table=True):
    """The newest state accepted of a trial, and its newest snapshot (older, when the trial is gone).

    `remembered` (JSON) is what older snapshots knew and the newest one lacks: null when it lacks nothing.
    """

    nct_id: str = Field(primary_key=True)
    topic_id: int = _reference("topic.id", index=True)
    revision: int = Field(sa_type=BigId)
    state: str = "present"
    snapshot: str | None = Field(default=None, sa_column=Column(Text))
    snapshot_revision: int | None = Field(default=None, sa_type=BigId)
    remembered: str | None = Field(default=None, sa_column=Column(Text))
    digest: str
    merged_into: str | None = None
    updated_at: datetime = _moment()


class LogHead(SQLModel, table=True):
    """The end of the change log, one row. Who appends holds its lock: a smaller seq never appears later."""

    __tablename__ = "log_head"
    id: int = Field(default=1, primary_key=True)
    seq: int = Field(default=0, sa_type=BigId)


class ChangeRow(SQLModel, table=True):
    """The change log: one material difference, or a trial that is new for a condition."""

    __tablename__ = "change"
    seq: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    nct_id: str = Field(index=True)
    kind: str
    level: int
    before: Any = Field(default=None, sa_type=Json, nullable=True)
    after: Any = Field(default=None, sa_type=Json, nullable=True)
    recorded_at: datetime = _moment()
    event_id: int | None = Field(default=None, sa_type=BigId)
    corrects: int | None = Field(default=None, sa_type=BigId)


class ChangeTopic(SQLModel, table=True):
    """Which topics' followers a change concerns."""

    __tablename__ = "change_topic"
    topic_id: int = Field(primary_key=True, sa_type=BigId)
    seq: int = Field(primary_key=True, sa_type=BigId)


class Run(SQLModel, table=True):
    """One planning of digests, for one slot and one moment (or, without a slot, on demand).

    `news`, of a cancelled run: whether what its digests would have told is told `later` or `never`.
    """

    __table_args__ = (UniqueConstraint("slot_id", "due_at"),)
    id: int | None = _id()
    slot_id: int | None = _reference("slot.id", default=None, nullable=True)
    frequency: str = Field(index=True)
    due_at: datetime = _moment()
    planned_at: datetime = _moment(index=True)
    to_seq: int = Field(sa_type=BigId)
    state: str
    digests: int = 0
    news: str | None = None


class Digest(SQLModel, table=True):
    """What one person is told once: the followed topics' changes in (from_seq, to_seq].

    `topics` was fixed at planning: `topic:from,topic:from`. `told` keeps what the mail told: its `trials`,
    and the keys of the `topics` for which it told them, which may be fewer than those of planning; and which
    parts of the log it left out as told `by_others`.
    `taken_back`: it was not sent, and later digests tell what it would have told. `catches_up`: some topic is
    told from before where the last digest ended, so that digests in between may have told a part of it.
    Without foreign keys: each would be checked for each of a day's digests.
    """

    __table_args__ = (UniqueConstraint("subscriber_id", "run_id"), _NEVER_REUSED)
    id: int | None = _id()
    subscriber_id: int = Field(sa_type=BigId)
    run_id: int = Field(sa_type=BigId)
    frequency: str
    from_seq: int = Field(sa_type=BigId)
    to_seq: int = Field(sa_type=BigId)
    topics: str = Field(sa_column=Column(Text, nullable=False))
    told: dict[str, Any] | None = Field(default=None, sa_type=Json)
    taken_back: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    catches_up: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Delivery(SQLModel, table=True):
    """One outgoing mail, with its state and history. `message_key` is fixed before the first attempt.

    `passes_suppression`: the reason of the suppression in spite of which its reader asked for it.
    `server_reply`: what a server last said of it, or how the connection ended; without addresses.
    """

    __table_args__ = (
        Index(
            "delivery_queue",
            "priority",
            "due_at",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "delivery_leased",
            "lease_until",
            sqlite_where=text("state = 'claimed'"),
            postgresql_where=text("state = 'claimed'"),
        ),
        Index(
            "one_delivery_per_digest",
            "digest_id",
            unique=True,
            sqlite_where=text("digest_id IS NOT NULL"),
            postgresql_where=text("digest_id IS NOT NULL"),
        ),
        Index("delivery_of_subscriber", "subscriber_id", "id"),
        Index(
            "delivery_message_key",
            "message_key",
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
        Index("delivery_of_run", "run_id"),
        # Rows come in the order of time, so PostgreSQL needs no entry for each (BRIN).
        Index("delivery_created", "created_at", postgresql_using="brin"),
        _NEVER_REUSED,
    )
    id: int | None = _id()
    subscriber_id: int = Field(sa_type=BigId)
    kind: str
    digest_id: int | None = Field(default=None, sa_type=BigId)
    run_id: int | None = Field(default=None, sa_type=BigId)
    context: bytes | None = _bytes(default=None, nullable=True)
    passes_suppression: str | None = None
    state: str = "queued"
    priority: int
    due_at: datetime = _moment()
    created_at: datetime = _moment()
    message_key: str
    attempts: int = 0
    claim: str | None = None
    lease_until: datetime | None = _moment(default=None, nullable=True)
    first_attempt_at: datetime | None = _moment(default=None, nullable=True)
    finished_at: datetime | None = _moment(default=None, nullable=True)
    outcome: str | None = None
    server_reply: str | None = None
    history: list[Any] | None = Field(default=None, sa_type=Json)


class SentNote(SQLModel, table=True):
    """Deliveries of one claim that a server has taken, until that stands in the deliveries themselves."""

    __tablename__ = "sent_note"
    claim: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    #: Their ids, separated by spaces.
    ids: str
    at: datetime = _moment()


class Suppression(SQLModel, table=True):
    """An address that must not be written to, as its keyed index: no address, no topic."""

    address_index: bytes = _bytes(primary_key=True)
    reason: str
    source: str
    created_at: datetime = _moment()


class BounceCount(SQLModel, table=True):
    """Failed messages of one person since the last one that arrived."""

    __tablename__ = "bounce_count"
    subscriber_id: int = _reference("subscriber.id", primary_key=True)
    failures: list[str] = Field(default_factory=list, sa_type=Json)


class AddressChange(SQLModel, table=True):
    """A person's wish to be written to elsewhere, until it is confirmed from the new address."""

    __tablename__ = "address_change"
    __table_args__ = _NEVER_REUSED
    id: int | None = _id()
    subscriber_id: int = _reference("subscriber.id", index=True)
    sealed: bytes = _bytes()
    created_at: datetime = _moment()
    done_at: datetime | None = _moment(default=None, nullable=True)


class WrappedKey(SQLModel, table=True):
    """A key that must outlive rotations (the blind index), sealed by the secret keys, which do rotate."""

    __tablename__ = "wrapped_key"
    name: str = Field(primary_key=True)
    sealed: bytes = _bytes()


class Audit(SQLModel, table=True):
    """One act of an operator: who did what to which object, when, from where. Append-only.

    `actor`: `api`, `dashboard` or `command:` and the user of the operating system. `origin`: the network
    (/24 or /48), or `command`. `target`: a kind and a number, never an address or a topic. `changed`: rows
    that the act changed, null when they are not counted.
    """

    id: int | None = _id()
    at: datetime = _moment(index=True)
    actor: str
    origin: str
    action: str
    target: str | None = None
    changed: int | None = Field(default=None, sa_type=BigId)


class EndedSession(SQLModel, table=True):
    """An operators' session that was signed out of, kept until its time would be over anyway.

    `id` is a hash: with it nobody can sign in.
    """

    __tablename__ = "ended_session"
    id: bytes = _bytes(primary_key=True)
    ends_at: datetime = _moment()


# The tables themselves, for statements: `subscriber.c.id`.
subscriber = SQLModel.metadata.tables["subscriber"]
topic = SQLModel.metadata.tables["topic"]
topic_word = SQLModel.metadata.tables["topic_word"]
word_ending = SQLModel.metadata.tables["word_ending"]
condition_name = SQLModel.metadata.tables["condition_name"]
condition_parent = SQLModel.metadata.tables["condition_parent"]
condition_closure = SQLModel.metadata.tables["condition_closure"]
condition_state = SQLModel.metadata.tables["condition_state"]
subscription = SQLModel.metadata.tables["subscription"]
slot = SQLModel.metadata.tables["slot"]
cursor = SQLModel.metadata.tables["cursor"]
terms = SQLModel.metadata.tables["terms"]
wording = SQLModel.metadata.tables["wording"]
consent = SQLModel.metadata.tables["consent"]
request = SQLModel.metadata.tables["request"]
mail_quota = SQLModel.metadata.tables["mail_quota"]
webhook = SQLModel.metadata.tables["webhook"]
event = SQLModel.metadata.tables["event"]
trial = SQLModel.metadata.tables["trial"]
log_head = SQLModel.metadata.tables["log_head"]
change = SQLModel.metadata.tables["change"]
change_topic = SQLModel.metadata.tables["change_topic"]
run = SQLModel.metadata.tables["run"]
digest = SQLModel.metadata.tables["digest"]
delivery = SQLModel.metadata.tables["delivery"]
sent_note = SQLModel.metadata.tables["sent_note"]
suppression = SQLModel.metadata.tables["suppression"]
bounce_count = SQLModel.metadata.tables["bounce_count"]
address_change = SQLModel.metadata.tables["address_change"]
wrapped_key = SQLModel.metadata.tables["wrapped_key"]
audit = SQLModel.metadata.tables["audit"]
ended_session = SQLModel.metadata.tables["ended_session"]
