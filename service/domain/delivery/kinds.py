"""The kinds of mail."""

from enum import StrEnum


class MailKind(StrEnum):
    """What a mail is for; the value is stored, and names the folder of its templates."""

    CONFIRMATION = "confirmation"  # asks whether a sign-up was meant
    ALREADY_FOLLOWING = "already_following"  # answers a sign-up for what is followed already
    PREFERENCES_LINK = "preferences_link"  # a fresh link to one's preferences
    ADDRESS_CHANGE = "address_change"  # asks the owner of a new address whether updates shall go there
    ADDRESS_CHANGED = "address_changed"  # tells the former address that updates go elsewhere now
    TERMS_CHANGED = "terms_changed"  # asks to agree to a material new version of the terms
    DIGEST = "digest"  # the changes of what a person follows
