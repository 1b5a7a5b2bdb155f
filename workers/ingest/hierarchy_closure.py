"""Brings the closure of the hierarchy of conditions up to date with learned terms, some at a time."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.changes import conditions, learned

#: Conditions whose ancestors are stored in one transaction.
_CHUNK = 500


async def close_some(connection: AsyncConnection) -> bool:
    """Stores the ancestors of the next conditions whose hierarchy was learned; False if none is left.

    Queues the trials to announce again that name one of these. A repetition changes nothing: the result
    depends on the stored parents alone.
    """
    waiting = await learned.to_close(connection)
    if not waiting:
        return False
    represented_by = await conditions.representatives(connection)
    parents = await conditions.parents(connection, represented_by)
    done = min(condition.done_up_to for condition in waiting)
    concerned = _concerned((condition.key for condition in waiting), represented_by, parents)
    left = sorted(key for key in concerned if key > done)
    chunk = left[:_CHUNK]
    above = {key: set() if key in represented_by else _above(key, parents) for key in chunk}
    await conditions.replace_closure(connection, above)
    announced = {
        represented_by.get(condition.key, condition.key) for condition in waiting if condition.is_announced
    }
    below = [key for key, found in above.items() if not announced.isdisjoint(found)]
    await learned.queue_announced_trials(connection, await conditions.members(connection, below))
    if len(left) > _CHUNK:
        await learned.advance(connection, chunk[-1])
    else:
        await _finish(connection, announced, parents)
    return True


async def _finish(
    connection: AsyncConnection, announced: Collection[str], parents: Mapping[str, Collection[str]]
) -> None:
    """Queues the trials to announce again that were known under one of the ancestors all along."""
    above = set[str]().union(*(_above(key, parents) for key in announced))
    notified = await conditions.notified_topics(connection, above)
    await learned.queue_known_trials(connection, notified.values())
    await learned.close(connection, announced)


def _concerned(
    keys: Iterable[str], represented_by: Mapping[str, str], parents: Mapping[str, Collection[str]]
) -> set[str]:
    """These conditions, those that represent them, and all below."""
    children: dict[str, list[str]] = {}
    for child, uppers in parents.items():
        for upper in uppers:
            children.setdefault(upper, []).append(child)
    learned_keys = set(keys)
    return learned_keys | _reachable({represented_by.get(key, key) for key in learned_keys}, children)


def _above(key: str, parents: Mapping[str, Collection[str]]) -> set[str]:
    """A condition and its ancestors."""
    return _reachable({key}, parents)


def _reachable(start: Iterable[str], steps: Mapping[str, Collection[str]]) -> set[str]:
    """`start` and all that its steps lead to; tolerates cycles."""
    found = set(start)
    waiting = list(found)
    while waiting:
        for following in steps.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return found
