"""Sentences for changes of a study's sites: one per site if few, by country with towns if many."""

from collections.abc import Callable, Sequence

from service.domain.trials.change import Change
from service.domain.trials.sites.diff import OPEN_STATUSES, split_sites
from service.domain.trials.sites.matching import Site
from service.domain.wording.language import Language, Text
from service.domain.wording.places import place, sites_in_words

_TAKING: frozenset[str | None] = frozenset({None, "RECRUITING", "AVAILABLE"})

FEW = 3
"""Up to this many sites of one sort are named by facility; more are named by town. Three share a sentence."""


def site_sentences(change: Change, language: Language) -> list[Text]:
    """The sentences of a change of sites: those taking participants now, the added, and the removed ones."""
    gone, new, moved = split_sites(change.before["sites"], change.after["sites"])
    if change.after["status"] not in OPEN_STATUSES:
        return [(_list_changed(len(gone), len(new), language), ())] if gone or new else []
    return [
        *_moved(moved, language),
        *_added(new, language),
        *_sentences(gone, language.gettext("A site is no longer listed: {place}."), _gone_counts, language),
    ]


def _added(sites: Sequence[Site], language: Language) -> list[Text]:
    """The sentences of added sites, those that take participants first."""
    result: list[Text] = []
    for statuses, singular, plural in (
        (_TAKING, language.gettext("A site was added: {place}."), _added_counts),
        (
            {"NOT_YET_RECRUITING"},
            language.gettext("A site was added that is not taking participants yet: {place}."),
            _not_yet_counts,
        ),
        (
            {"ENROLLING_BY_INVITATION"},
            language.gettext("A site was added that takes participants by invitation only: {place}."),
            _by_invitation_counts,
        ),
        (
            None,
            language.gettext("A site was added that is not taking participants: {place}."),
            _not_taking_counts,
        ),
    ):
        named = _TAKING | {"NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION"}
        found = [
            site
            for site in sites
            if (site.get("status") in statuses if statuses else site.get("status") not in named)
        ]
        result += _sentences(found, singular, plural, language) if found else []
    return result


def _not_yet_counts(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} site was added that is not taking participants yet: {places}.",
        "{count} sites were added that are not taking participants yet: {places}.",
        count,
    )


def _by_invitation_counts(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} site was added that takes participants by invitation only: {places}.",
        "{count} sites were added that take participants by invitation only: {places}.",
        count,
    )


def _not_taking_counts(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} site was added that is not taking participants: {places}.",
        "{count} sites were added that are not taking participants: {places}.",
        count,
    )


def _sentences(
    sites: Sequence[Site], text: str, counts: Callable[[int, Language], str], language: Language
) -> list[Text]:
    if _are_named_one_by_one(sites, language):
        return [(text.format(place=place(site, language)), ()) for site in sites]
    template = counts(len(sites), language)
    return [(_counted(template, sites, language), ())]


def _are_named_one_by_one(sites: Sequence[Site], language: Language) -> bool:
    """Whether each has its own sentence: of two in the same words, one would be left out as a repetition."""
    return len(sites) < FEW and len({place(site, language) for site in sites}) == len(sites)


def _counted(template: str, sites: Sequence[Site], language: Language) -> str:
    if len(sites) > FEW:
        places = sites_in_words(sites, language)
    else:
        places = language.gettext("; ").join(dict.fromkeys(place(site, language) for site in sites))
    return template.format(count=language.number(len(sites)), places=places)


def _added_counts(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} site was added: {places}.", "{count} sites were added: {places}.", count
    )


def _gone_counts(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} site is no longer listed: {places}.",
        "{count} sites are no longer listed: {places}.",
        count,
    )


def _moved(moved: Sequence[tuple[Site, Site]], language: Language) -> list[Text]:
    by_status: dict[str, list[Site]] = {}
    for _, site in moved:
        by_status.setdefault(site["status"], []).append(site)
    result: list[Text] = []
    for status in sorted(by_status, key=lambda status: (status != "RECRUITING", status)):
        sites = by_status[status]
        if _are_named_one_by_one(sites, language):
            result.extend((_one(status, language).format(place=place(site, language)), ()) for site in sites)
        else:
            result.append((_counted(_many(status, len(sites), language), sites, language), ()))
    return result


def _one(status: str, language: Language) -> str:
    texts = {
        "RECRUITING": language.gettext("A site now takes participants: {place}."),
        "ENROLLING_BY_INVITATION": language.gettext("A site now takes participants by invitation: {place}."),
        "NOT_YET_RECRUITING": language.gettext("A site is not taking participants yet: {place}."),
        "SUSPENDED": language.gettext("A site paused: {place}."),
        "ACTIVE_NOT_RECRUITING": language.gettext("A site no longer takes new participants: {place}."),
        "COMPLETED": language.gettext("A site has finished: {place}."),
        "TERMINATED": language.gettext("A site stopped taking part: {place}."),
        "WITHDRAWN": language.gettext("A site withdrew from the study: {place}."),
    }
    return texts.get(status) or language.gettext("A site's status changed: {place}.")


def _many(status: str, count: int, language: Language) -> str:
    texts = {
        "RECRUITING": language.ngettext(
            "{count} site now takes participants: {places}.",
            "{count} sites now take participants: {places}.",
            count,
        ),
        "ENROLLING_BY_INVITATION": language.ngettext(
            "{count} site now takes participants by invitation: {places}.",
            "{count} sites now take participants by invitation: {places}.",
            count,
        ),
        "NOT_YET_RECRUITING": language.ngettext(
            "{count} site is not taking participants yet: {places}.",
            "{count} sites are not taking participants yet: {places}.",
            count,
        ),
        "SUSPENDED": language.ngettext(
            "{count} site paused: {places}.", "{count} sites paused: {places}.", count
        ),
        "ACTIVE_NOT_RECRUITING": language.ngettext(
            "{count} site no longer takes new participants: {places}.",
            "{count} sites no longer take new participants: {places}.",
            count,
        ),
        "COMPLETED": language.ngettext(
            "{count} site has finished: {places}.", "{count} sites have finished: {places}.", count
        ),
        "TERMINATED": language.ngettext(
            "{count} site stopped taking part: {places}.",
            "{count} sites stopped taking part: {places}.",
            count,
        ),
        "WITHDRAWN": language.ngettext(
            "{count} site withdrew from the study: {places}.",
            "{count} sites withdrew from the study: {places}.",
            count,
        ),
    }
    return texts.get(status) or language.ngettext(
        "{count} site changed its status: {places}.", "{count} sites changed their status: {places}.", count
    )


def _list_changed(gone: int, new: int, language: Language) -> str:
    counts = []
    if new:
        counts.append(
            language.ngettext("{count} was added", "{count} were added", new).format(
                count=language.number(new)
            )
        )
    if gone:
        text = language.ngettext("{count} is no longer listed", "{count} are no longer listed", gone)
        counts.append(text.format(count=language.number(gone)))
    return language.gettext("The list of study sites changed: {counts}.").format(counts=language.list(counts))
