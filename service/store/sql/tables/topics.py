"""Topics: trials and conditions, their names, and the hierarchy of conditions."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.store.sql.columns import BigId, OrderedText
from service.store.sql.tables.fields import KEY_ONLY, moment, primary_key, reference


class Topic(SQLModel, table=True):
    """A trial or a condition that can be followed; its last change worth a mail, and of any kind.

    `joined_id`: the topic that represents this one (the same condition); it is never joined itself.
    """

    id: int | None = primary_key()
    key: str = Field(unique=True)
    kind: str
    name: str | None = None
    slug: str | None = Field(default=None, index=True)
    followable: bool = True
    last_seq: int = Field(default=0, sa_type=BigId, index=True)
    last_any_seq: int = Field(default=0, sa_type=BigId, index=True)
    joined_id: int | None = reference("topic.id", default=None, nullable=True, index=True)


class ConditionName(SQLModel, table=True):
    """The names a condition is found by, folded.

    Conditions that have a `name_key` in common are the same; it is null for a name that is broader, narrower
    or only related. `mentioned`: known by a trial's words alone.
    """

    __tablename__ = "condition_name"
    topic_id: int = reference("topic.id", primary_key=True)
    folded: str = Field(primary_key=True, index=True)
    name: str
    preferred: bool = False
    name_key: str | None = Field(default=None, index=True)
    mentioned: bool = False


class ConditionXref(SQLModel, table=True):
    """The ids of other ontologies that a condition names as the same."""

    __tablename__ = "condition_xref"
    key: str = Field(primary_key=True)
    xref: str = Field(primary_key=True, index=True)


class TopicWord(SQLModel, table=True):
    """The words of topics' names, by which the search finds them; topics are never deleted."""

    __tablename__ = "topic_word"
    __table_args__ = (Index("topic_word_of_kind", "word", "kind", "topic_id"), KEY_ONLY)
    topic_id: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    word: str = Field(primary_key=True, sa_type=OrderedText)
    kind: str


class WordEnding(SQLModel, table=True):
    """Each word of a topic's name, by its endings: a match within a word is one range."""

    __tablename__ = "word_ending"
    __table_args__ = KEY_ONLY
    ending: str = Field(primary_key=True, sa_type=OrderedText)
    word: str = Field(primary_key=True, sa_type=OrderedText)


class ConditionParent(SQLModel, table=True):
    """One step up in the hierarchy of conditions, as received (keys: a parent may be unknown)."""

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
    observed_at: datetime = moment()
    digest: str
    replaced_by: str | None = Field(default=None, index=True)


class LearnedCondition(SQLModel, table=True):
    """A condition whose place in the hierarchy was learned, and is not applied everywhere yet.

    `is_announced`: trials are announced again to its followers. `is_closed`: the closure has it; before, it
    is up to date for the conditions up to `done_up_to`.
    """

    __tablename__ = "learned_condition"
    key: str = Field(primary_key=True)
    is_announced: bool
    is_closed: bool = Field(index=True)
    done_up_to: str


class LearnedTrial(SQLModel, table=True):
    """A trial to announce again, as the hierarchy above its conditions was learned."""

    __tablename__ = "learned_trial"
    nct_id: str = Field(primary_key=True)
