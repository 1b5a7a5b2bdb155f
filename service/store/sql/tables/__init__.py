"""Every table: columns only, by subject. The statements are in the store's modules.

They use the tables by the names below (`from service.store.sql import tables as t`).
"""

from sqlmodel import SQLModel

import service.store.sql.tables.admin
import service.store.sql.tables.changes
import service.store.sql.tables.digests
import service.store.sql.tables.mail
import service.store.sql.tables.people
import service.store.sql.tables.topics  # noqa: F401  (each declares its tables)

# For statements: `subscriber.c.id`.
subscriber = SQLModel.metadata.tables["subscriber"]
address = SQLModel.metadata.tables["address"]
topic = SQLModel.metadata.tables["topic"]
topic_word = SQLModel.metadata.tables["topic_word"]
word_ending = SQLModel.metadata.tables["word_ending"]
condition_name = SQLModel.metadata.tables["condition_name"]
condition_parent = SQLModel.metadata.tables["condition_parent"]
condition_closure = SQLModel.metadata.tables["condition_closure"]
condition_xref = SQLModel.metadata.tables["condition_xref"]
condition_state = SQLModel.metadata.tables["condition_state"]
learned_condition = SQLModel.metadata.tables["learned_condition"]
learned_trial = SQLModel.metadata.tables["learned_trial"]
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
trial_revision = SQLModel.metadata.tables["trial_revision"]
log_head = SQLModel.metadata.tables["log_head"]
change = SQLModel.metadata.tables["change"]
change_topic = SQLModel.metadata.tables["change_topic"]
run = SQLModel.metadata.tables["run"]
digest = SQLModel.metadata.tables["digest"]
delivery = SQLModel.metadata.tables["delivery"]
send_receipt = SQLModel.metadata.tables["send_receipt"]
bucket_lease = SQLModel.metadata.tables["bucket_lease"]
suppression = SQLModel.metadata.tables["suppression"]
bounce_count = SQLModel.metadata.tables["bounce_count"]
address_change = SQLModel.metadata.tables["address_change"]
wrapped_key = SQLModel.metadata.tables["wrapped_key"]
audit = SQLModel.metadata.tables["audit"]
ended_session = SQLModel.metadata.tables["ended_session"]
worker = SQLModel.metadata.tables["worker"]
liveness = SQLModel.metadata.tables["liveness"]
mail_hold = SQLModel.metadata.tables["mail_hold"]
mail_release = SQLModel.metadata.tables["mail_release"]
sent_count = SQLModel.metadata.tables["sent_count"]
canary = SQLModel.metadata.tables["canary"]
daily_figure = SQLModel.metadata.tables["daily_figure"]
