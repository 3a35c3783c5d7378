"""Our own line: fair between servers and people, whoever asks for how much."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.job import JobId
from bot.domain.line import AtOnce, Go, InLine, Standing, Turn, WaitReason, in_order, turns
from tests.domain.samples import NOON

OPEN = AtOnce()
DIRECT = None


def one(
    name: str,
    *,
    server: int | None = 1,
    user: int = 1,
    at: int = 0,
    under_way: bool = False,
) -> Standing:
    return Standing(
        job_id=name,
        guild_id=server,
        user_id=user,
        created_at=NOON + timedelta(seconds=at),
        is_under_way=under_way,
    )


@st.composite
def crowds(draw: st.DrawFn) -> list[Standing]:
    """Any mixture of people, servers and direct messages, some of them under way."""
    kinds = st.tuples(
        st.sampled_from([DIRECT, 1, 2, 3]),
        st.integers(1, 4),
        st.integers(0, 5),
        st.sampled_from([False, False, True]),
    )
    return [
        one(f"job-{number:03}", server=server, user=user, at=at, under_way=under_way)
        for number, (server, user, at, under_way) in enumerate(draw(st.lists(kinds, max_size=40)))
    ]


limits = st.builds(
    AtOnce,
    per_user=st.none() | st.integers(1, 3),
    per_server=st.none() | st.integers(1, 4),
    is_paused=st.sampled_from([False, False, False, True]),
)
rules: st.SearchStrategy[dict[int | None, AtOnce]] = st.fixed_dictionaries(
    {DIRECT: limits, 1: limits, 2: limits, 3: limits}
)


@given(crowds(), st.integers(0, 12), rules)
def test_never_more_than_may_be_under_way(
    crowd: list[Standing], at_once: int, limits_of: dict[int | None, AtOnce]
) -> None:
    decided = turns(crowd, now=NOON, at_once=at_once, limits_of=limits_of.__getitem__)
    after = [one for one in crowd if one.is_under_way]
    for each in in_order(crowd):
        if not isinstance(decided[each.job_id], Go):
            continue
        after.append(each)
        its = limits_of[each.guild_id]
        assert not its.is_paused
        assert len(after) <= at_once
        theirs = sum(one.user_id == each.user_id for one in after)
        assert its.per_user is None or theirs <= its.per_user
        there = sum(one.server == each.server for one in after)
        assert its.per_server is None or there <= its.per_server


@given(crowds(), st.integers(0, 12), rules)
def test_everybody_who_waits_is_told_one_place_from_1_to_n(
    crowd: list[Standing], at_once: int, limits_of: dict[int | None, AtOnce]
) -> None:
    decided = turns(crowd, now=NOON, at_once=at_once, limits_of=limits_of.__getitem__)
    assert decided.keys() == {one.job_id for one in crowd if not one.is_under_way}
    places = sorted(turn.position for turn in decided.values() if isinstance(turn, InLine))
    assert places == list(range(1, len(places) + 1))


@given(crowds(), st.integers(0, 12), rules)
def test_no_place_stays_free_for_which_somebody_waits(
    crowd: list[Standing], at_once: int, limits_of: dict[int | None, AtOnce]
) -> None:
    decided = turns(crowd, now=NOON, at_once=at_once, limits_of=limits_of.__getitem__)
    taken = sum(one.is_under_way for one in crowd)
    taken += sum(isinstance(turn, Go) for turn in decided.values())
    reasons = {turn.reason for turn in decided.values() if isinstance(turn, InLine)}
    assert taken >= at_once or WaitReason.OTHERS not in reasons


@given(crowds())
def test_of_one_persons_jobs_in_a_server_the_oldest_goes_first(crowd: list[Standing]) -> None:
    order = in_order(crowd)
    for user_id in {one.user_id for one in order}:
        for server in {one.server for one in order}:
            theirs = [one for one in order if (one.user_id, one.server) == (user_id, server)]
            assert theirs == sorted(theirs, key=lambda one: (one.created_at, one.job_id))


@given(crowds(), st.integers(1, 5))
def test_nobody_starves_however_many_come_after_them(crowd: list[Standing], at_once: int) -> None:
    """Each round all who are under way end, who may go goes, and rivals ask for more and more."""
    waiting = [one for one in crowd if not one.is_under_way]
    patient = {one.job_id for one in waiting}
    rivals = count()
    rounds = 0
    while patient:
        newcomers = [
            one(f"rival-{next(rivals):05}", server=9, user=9, at=100 + rounds) for _ in range(5)
        ]
        waiting += newcomers
        decided = turns(waiting, now=NOON, at_once=at_once, limits_of=lambda _: OPEN)
        gone = {job_id for job_id, turn in decided.items() if turn == Go()}
        waiting = [one for one in waiting if one.job_id not in gone]
        patient -= gone
        rounds += 1
        # At worst every second place goes to the rivals, who never stop.
        assert rounds <= 2 * len(crowd) + 1


@given(st.integers(1, 100), st.integers(1, 5), st.integers(0, 3))
def test_a_hundred_jobs_of_one_server_delay_anothers_first_by_one_turn_at_most(
    crowd: int, people: int, under_way: int
) -> None:
    crowded = [one(f"a-{n:03}", server=1, user=n % people, at=n) for n in range(crowd)]
    crowded += [one(f"now-{n}", server=1, user=n, under_way=True) for n in range(under_way)]
    late = one("late", server=2, user=77, at=1_000)
    order = [standing.job_id for standing in in_order([*crowded, late])]
    assert order.index("late") <= 1


@given(st.integers(1, 100))
def test_a_hundred_jobs_of_one_person_delay_anothers_first_in_that_server_by_one_turn(
    crowd: int,
) -> None:
    eager = [one(f"a-{n:03}", user=1, at=n) for n in range(crowd)]
    late = one("late", user=2, at=1_000)
    assert [standing.job_id for standing in in_order([*eager, late])].index("late") <= 1


def test_servers_take_turns_and_people_within_them() -> None:
    order = in_order(
        [
            one("rome-ann-1", server=1, user=1, at=1),
            one("rome-ann-2", server=1, user=1, at=2),
            one("rome-ann-3", server=1, user=1, at=3),
            one("rome-ben-1", server=1, user=2, at=4),
            one("oslo-cid-1", server=2, user=3, at=5),
            one("oslo-cid-2", server=2, user=3, at=6),
        ]
    )
    assert [standing.job_id for standing in order] == [
        *("rome-ann-1", "oslo-cid-1"),
        *("rome-ben-1", "oslo-cid-2"),
        *("rome-ann-2", "rome-ann-3"),
    ]


def test_what_is_under_way_counts_as_turns_already_taken() -> None:
    order = in_order(
        [
            one("rome-1", server=1, user=1, at=1, under_way=True),
            one("rome-2", server=1, user=1, at=2),
            one("oslo-1", server=2, user=2, at=9),
        ]
    )
    assert [standing.job_id for standing in order] == ["oslo-1", "rome-2"]


def the_last_turns(waiting: list[Standing], sent: list[tuple[Standing, int]]) -> list[Standing]:
    """The same, each with when its server and its person were last sent."""
    found: list[Standing] = []
    for each in waiting:
        of_server = [at for one, at in sent if one.server == each.server]
        own = [at for one, at in sent if (one.server, one.user_id) == (each.server, each.user_id)]
        found.append(
            replace(
                each,
                server_sent_at=NOON + timedelta(seconds=max(of_server)) if of_server else None,
                user_sent_at=NOON + timedelta(seconds=max(own)) if own else None,
            )
        )
    return found


@given(st.integers(1, 30), st.integers(1, 3), st.integers(1, 4), st.booleans())
def test_over_time_another_is_delayed_by_one_turn_at_most_however_few_places_there_are(
    crowd: int, at_once: int, people: int, in_the_same_server: object
) -> None:
    """Each turn the one who was sent first ends, and the next may go."""
    waiting = [one(f"a-{n:03}", server=1, user=1 + n % people, at=n) for n in range(crowd)]
    waiting.append(one("late", server=1 if in_the_same_server else 2, user=99, at=crowd))
    under_way: list[Standing] = []
    sent: list[tuple[Standing, int]] = []
    order: list[str] = []
    for now in range(crowd + 1, 3 * crowd + 10):
        crowded = [*the_last_turns(waiting, sent), *under_way]
        decided = turns(crowded, now=NOON, at_once=at_once, limits_of=lambda _: OPEN)
        for going in [each for each in waiting if decided[each.job_id] == Go()]:
            waiting.remove(going)
            under_way.append(replace(going, is_under_way=True))
            sent.append((going, now))
            order.append(going.job_id)
        if under_way:
            under_way.pop(0)
    assert len(order) == crowd + 1
    # Everybody else of the same server who came before has one turn too.
    before = people if in_the_same_server else 1
    assert order.index("late") <= max(before, at_once)


def test_with_one_place_who_was_just_sent_is_behind_who_waited() -> None:
    eager = [one(f"a-{n}", user=1, at=n) for n in (2, 3)]
    late = one("late", user=2, at=4)
    first, second = the_last_turns(eager, [(one("a-1", user=1), 10)])
    assert [each.job_id for each in in_order([first, second, late])] == ["late", "a-2", "a-3"]
    # Who came before the other's last turn is not overtaken by everybody who comes after it.
    newcomers = [one(f"new-{n}", server=5 + n, user=5 + n, at=11 + n) for n in range(5)]
    order = [each.job_id for each in in_order([first, second, *newcomers])]
    assert order[0] == "a-2"


def test_in_direct_messages_each_person_is_a_server_of_their_own() -> None:
    crowd = [one(f"a-{n}", server=DIRECT, user=1, at=n) for n in range(9)]
    order = in_order([*crowd, one("late", server=DIRECT, user=2, at=99)])
    assert [standing.job_id for standing in order][:2] == ["a-0", "late"]


def test_each_is_told_what_it_waits_for() -> None:
    limits = {
        1: AtOnce(per_user=1),
        2: AtOnce(per_server=1),
        3: AtOnce(is_paused=True),
        4: OPEN,
    }
    crowd = [
        one("ann-now", server=1, user=1, under_way=True),
        one("ann", server=1, user=1, at=1),
        one("oslo-now", server=2, user=2, under_way=True),
        one("oslo", server=2, user=3, at=2),
        one("bern", server=3, user=4, at=3),
        one("kyiv", server=4, user=5, at=4),
        one("lima", server=4, user=6, at=5),
    ]
    decided = turns(crowd, now=NOON, at_once=3, limits_of=lambda guild_id: limits[guild_id or 0])
    assert decided == {
        "bern": InLine(1, WaitReason.PAUSED),
        "kyiv": Go(),
        "ann": InLine(2, WaitReason.OWN),
        "oslo": InLine(3, WaitReason.SERVER),
        "lima": InLine(4, WaitReason.OTHERS),
    }


def test_one_person_has_one_allowance_in_all_their_servers() -> None:
    crowd = [one("rome", server=1, user=1, under_way=True), one("oslo", server=2, user=1)]
    decided = turns(crowd, now=NOON, at_once=9, limits_of=lambda _: AtOnce(per_user=1))
    assert decided == {"oslo": InLine(1, WaitReason.OWN)}


def test_who_is_held_back_stands_in_nobodys_way_until_then_or_until_it_tries() -> None:
    until = NOON + timedelta(minutes=5)
    crowd = [replace(one("held", user=1, at=1), held_until=until), one("next", user=2, at=2)]

    def decided(now: datetime, tries: JobId | None = None) -> Mapping[JobId, Turn]:
        return turns(crowd, now=now, at_once=1, limits_of=lambda _: OPEN, tries=tries)

    behind = {"held": Go(), "next": InLine(1, WaitReason.OTHERS)}
    assert decided(NOON) == {"next": Go()}
    assert decided(until) == behind
    assert decided(NOON, tries="held") == behind
