"""Patterns in the text of SMTP replies that refine or contradict their status codes. Pure."""

import re


def _any(*patterns: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE | flags)


#: Our network, name or content is on a list, or has a bad reputation.
BLOCKED = _any(
    r"block ?list|black ?list|deny ?list|\bdnsbls?\b|\brbls?\b|spamhaus|spamcop|barracudacentral|proofpoint",
    r"\bblocked (?:using|by)|\breputation\b|weren't sent|\bspam\b|\bunsolicited\b|\b(?:uce|ube)\b|\bbanned\b",
)
_PERIOD = r"(?:second|minute|hour|day)"
#: A limit on our sending: by the hour, by the day, or for being too quick. Not the reader's quota.
RATE_LIMITED = _any(
    rf"\b(?:daily|hourly|(?:per|this|each|in an?|within an?) {_PERIOD})\b.{{0,60}}\b(?:limit|quota)",
    rf"\b(?:limit|quota|too many)\b.{{0,60}}\b(?:daily|hourly|today|(?:per|this|each|an?) {_PERIOD})\b",
    r"\b(?:sending|rate|recipients?|connection|outbound|outgoing|daily|hourly) limits?\b",
    r"\b(?:sending|daily|hourly|outbound|outgoing) quota|\bfrequency limited",
    r"\btoo many (?:invalid|unknown|bad|wrong) (?:recipients|users|addresses)",
    r"\btoo (?:quickly|fast|frequent(?:ly)?|often)\b|\bthrottl|\brate[- ]?limit",
)
#: Words of limits that may also be another party's: they contradict a status of "no such address", no more.
OVER_A_LIMIT = _any(
    r"\btoo (?:many|much)\b|\bexcessive\b|\bslow down\b|\bover (?:the|your|their|its|our) limit",
    r"\b(?:rate|volume|limits?|threshold|maximum|max(?:imum)? number)\b.{0,40}\b(?:exceed|reached|too high)",
    r"\bexceed\w*\b.{0,60}\b(?:rate|limits?|threshold|maximum|number of|volume)\b",
    rf"\b(?:limit|maximum|max)\b.{{0,40}}\bper (?:\d+ )?(?:connection|session|{_PERIOD})",
    r"\b(?:concurrency|session|message|volume|frequency|tarpit) (?:limit|restrict)",
    # German, French, Italian, Spanish, Portuguese; accents may be lost on the way.
    r"\bzu viele\b|\btrop de\b|\btropp[aei]\b|\bdemasiad[ao]s\b|\bmuit[ao]s\b|\b.berschritten\b",
    r"\b(?:pro|in dieser) (?:stunde|tag)\b|\bpar (?:heure|jour)\b|\bpor (?:hora|d.a)\b",
    r"\ball.ora\b|\bal giorno\b|\bd.pass.|\bexcedid|\bsuperat[ao]\b",
)
#: Our authentication failed: SPF, DKIM, DMARC, reverse DNS.
UNAUTHENTICATED = _any(
    r"\b(?:spf|dkim|dmarc|ptr|rdns)\b|reverse[- ](?:dns|lookup|mapping|hostname)|authenticat"
)
#: Another policy of the server, less specific than the three above; or relaying is denied.
POLICY = _any(
    r"\bpolic(?:y|ies)\b|\bvirus|\bmalware|phish|content (?:was )?rejected|\babus(?:e|ive)\b|\bjunk\b",
    r"\b(?:mail|message) (?:was )?rejected|refused to talk to|in reply to (?:helo|ehlo)",
    r"\brelay(?:ing)?\b.{0,20}\b(?:denied|not|prohibited)|(?:unable|not (?:allowed|permitted)) to relay",
    r"\baccess denied|\bnot (?:allowed|permitted|authori[sz]ed)\b|\bbad dns\b|lookup failed",
    r"\b(?:message|e?-?mail|ip|host|client|network|server|sender)s?\b[^.;]{0,40}\b(?:blocked|refused|denied)",
    r"\b(?:client|network|ip|server)\b[^.;]{0,30}\brejected",
    r"\bpermission\b|invalid (?:ip|helo|domain name)|\bnot verified\b|protocol violation",
    r"\b(?:mail|messages?|connections?) from\b.{0,60}\bnot (?:be )?accept|\bcontent\b.{0,20}\bnot accept",
    r"(?:n[o']t|never) accept(?:ing)?\b.{0,30}\b(?:mail|messages?|connections?) from",
)
#: Our sender address or domain is refused, or the refusal came before RCPT.
SENDER_REFUSED = _any(
    r"sender (?:address )?(?:rejected|denied|refused)|unrout(?:e?)able sender|from: domain is invalid",
    r"domain of (?:the )?sender|sender verif",
    r"sender(?:'s)? (?:domain|address).{0,40}(?:not exist|not found|unknown|invalid)",
    r"(?:after|in reply to|>>>) ?mail from\b",
)
_MAILBOX = r"(?:user|recipient|mailbox|account|address)"
#: There is no such mailbox.
UNKNOWN_USER = _any(
    rf"\b{_MAILBOX}(?: \S+){{0,3}} (?:is |was )?(?:unknown|not (?:found|known|exist|recogni[sz]ed|listed)"
    r"|does ?n[o']t exist|does not exist)",
    rf"\b(?:unknown|no such|invalid) (?:local )?(?:{_MAILBOX}|person|e-?mail address)",
    r"\bunknown local[- ]part|does ?n[o']t have an? \S+ account|mailbox is disabled",
    r"no mailbox (?:here )?by that name|recipient name is not recognized|Recip(?:ient)?NotFound",
    r"email address (?:you entered )?(?:wasn.t|couldn.t be) found|is not a registered \S+ user",
    r"account does not exist at the organi[sz]ation|not listed in (?:public name|domino)",
    r"invalid final delivery userid",
)
#: The recipient had been accepted before, so perhaps the mail is refused.
AFTER_DATA = _any(
    r"after end of data|in reply to (?:end of )?data\b|>>> ?data\b|final data\b|^data$", flags=re.MULTILINE
)
_NEVER_ACCEPTED = re.compile(r"need rcpt|no valid recipients|<<< 503", re.IGNORECASE)
#: The mailbox exists but is closed.
INACTIVE = _any(r"inactive|disabled|discontinued|closed")
#: The recipient's mailbox is full.
MAILBOX_FULL = _any(
    r"\bquota\b|\bfull\b|storage|disk space|exceeded .{0,30}mailbox",
    # German, Dutch, French, Italian, Spanish, Portuguese.
    r"\bvoll\b|\bvol\b|speicher(?:platz|limit)|\bpleine?\b|\bsatur|espace disque|\bpien[ao]\b",
    r"\bspazio\b|\bllen[ao]\b|\bespacio\b|\bcuota\b|\bchei[ao]\b|\bcota\b",
)
#: A temporary failure.
GREYLISTED = _any(r"gr[ea]y-?list")
TEMPORARY = _any(
    r"\btemporar(?:y|ily)\b|\btry (?:again )?later|\bplease retry|not found, try again",
    r"\btry again in \d|\breceiving mail (?:at a rate|too)\b",
    GREYLISTED.pattern,
)
#: The server's own trouble: it could not find out whether the mailbox exists.
SERVER_TROUBLE = _any(
    r"\binternal (?:server )?error|\btim(?:ed|e)[- ]?out\b|\bmaintenance\b|\bno route to host\b",
    r"\bserver (?:is )?(?:too )?(?:busy|overloaded|unavailable|down)|\bservice (?:is )?(?:not |un)available",
    r"\bunable to (?:verify|look ?up|contact|connect|reach)",
    r"\b(?:look ?up|verif\w+|query) (?:error|failure|failed)",
    r"\bin progress\b|\btry again\b|\bconnection (?:refused|reset|lost)|\binsufficient (?:system )?resources",
    r"\bsystem (?:is )?(?:temporarily )?(?:unavailable|down|error)",
)
TOO_LARGE = _any(r"message (?:size|too)|too (?:large|big)|size limit|exceeds")
#: The domain does not exist or accepts no mail (RFC 7505).
NO_SUCH_DOMAIN = _any(
    r"\b(?:host|domain)(?: or domain)?(?: name)? (?:was |is )?(?:not found|unknown|invalid)|\bunknown host\b",
    r"\bno such (?:domain|host)|\bdomain(?: \S+)? does ?n[o']t exist|couldn't find (?:a mail exch|any host)",
    r"\bdomain does not exist|no mx record|dns lookup failure: host|nxdomain|null ?mx|no smtp service",
    r"\b(?:invalid|bad|unroute?able) (?:domain|mail domain|host)\b(?! name)",
    r"(?:does ?n[o']t|not) accept(?:ing)? (?:any )?(?:e-?)?mail(?! from)",
)
#: Exchange's text for an address that its directory refuses.
NOT_AT_THIS_ADDRESS = _any(r"recipient address(?:es)? rejected")
MAILBOX_UNAVAILABLE = _any(r"mailbox unavailable")
#: For the recipient, not for us: "receiving mail too quickly".
RECEIVING_TOO_FAST = _any(r"\brate\b|too (?:quickly|fast|many)|quota exceeded for")

_FORWARDED = re.compile(
    r"remote server returned\b.*?->\s*(?:([245]\d\d)\b[ -]?)?(.*)", re.IGNORECASE | re.DOTALL
)


def forwarded_reply(text: str) -> tuple[int | None, str] | None:
    """The code and text of the reply that Exchange Online quotes after "->", or None."""
    found = _FORWARDED.search(text)
    return (int(found[1]) if found[1] else None, found[2].strip()) if found and found[2].strip() else None


def is_after_data(text: str) -> bool:
    """Whether a notice shows that the recipient had been accepted before the refusal."""
    return bool(AFTER_DATA.search(text)) and not _NEVER_ACCEPTED.search(text)
