"""The queue of an account, step by step: which turn comes when. Time is a number here."""

from __future__ import annotations

import math

import pytest
from answering import READ, Clock

from pulumi_smsagents.client import Limits
from pulumi_smsagents.client.hints import Window
from pulumi_smsagents.client.pace import Pace, Turn

NOTHING = Window(None, None, None)


class Queue:
    """A `Pace` and its clock, which begins at 1000; times are told from there."""

    def __init__(self, **limits) -> None:
        self.clock = Clock()
        self.pace = Pace(Limits(**limits), self.clock)

    def take(self, at: float | None = None, wait: float = 0.0, within: float = math.inf) -> Turn | None:
        if at is not None:
            self.clock.now = 1000 + at
        return self.pace.take(wait, within)

    def sent(self, *times: float) -> list[Turn]:
        """Requests that were answered at once."""
        turns = []
        for at in times:
            turns.append(self.take(at))
            self.pace.answered(turns[-1], NOTHING, well=True)
        return turns

    def told(self, at: float, *, limit: int | None = None, left: int | None = None, reset: float | None = None) -> None:
        """One request, answered with these headers."""
        self.pace.answered(self.take(at), Window(limit, left, reset), well=True)

    def waits(self, count: int) -> list[float]:
        return [self.take().wait for _ in range(count)]


def spread(begin: float, end: float, count: int) -> list[float]:
    return [begin + (end - begin) * n / (count - 1) for n in range(count)]


# ---- while nothing is known ----


def test_four_go_out_and_more_as_answers_come_or_time_goes_by():
    queue = Queue()
    turns = [queue.take(0) for _ in range(6)]
    assert [queue.pace.holds(turn) for turn in turns] == [True, True, True, True, False, False]
    assert [turn.wait for turn in turns] == [0, 0, 0, 0, 0.02, 0.02]
    queue.pace.answered(turns[0], NOTHING, well=True)
    queue.pace.lost()
    assert [queue.pace.holds(queue.take(0.05)) for _ in range(4)] == [True, True, True, False]
    assert [queue.pace.holds(queue.take(0.45)) for _ in range(3)] == [True, True, False]


def test_that_is_over_after_32_answers_or_a_refusal():
    queue = Queue()
    queue.sent(*[0.0] * 31)
    assert [queue.pace.holds(queue.take(0)) for _ in range(5)] == [True, True, True, True, False]
    queue.pace.lost()
    assert all(queue.pace.holds(queue.take(0)) for _ in range(100))
    refused = Queue()
    turns = [refused.take(0) for _ in range(4)]
    refused.pace.refused(turns[0], None)
    assert refused.take(0).round == 1


def test_who_has_no_time_to_ask_again_gives_up():
    queue = Queue()
    for _ in range(4):
        queue.take(0)
    assert queue.take(0, within=0.01) is None


# ---- the rate that was set ----


def test_turns_are_apart_by_the_rate_and_begin_at_once():
    assert Queue(requests_per_second=4).waits(4) == pytest.approx([0, 0.25, 0.5, 0.75])


def test_a_turn_says_when_it_is():
    assert Queue().take(5, wait=2) == Turn(2, 1007, 0)


def test_a_turn_that_comes_too_late_is_not_taken():
    queue = Queue(requests_per_second=1)
    assert queue.waits(2) == [0, 1]
    assert queue.take(within=2) is None
    assert queue.take(within=2.01).wait == 2
    assert queue.take(within=3.01).wait == 3


# ---- refusals ----


def test_a_rest_holds_all_and_the_longer_one_counts():
    queue = Queue()
    queue.pace.rest(5)
    queue.pace.rest(2)
    assert queue.take().wait == 5
    assert queue.take(4).wait == 1
    assert queue.take(6).wait == 0


def test_rests_without_a_time_double_from_the_second_on_and_end_after_five():
    queue = Queue(throttled_wait=1, longest_wait=10)
    rests = []
    for _ in range(7):
        turn = queue.take()
        queue.clock.now = turn.at
        queue.pace.refused(turn, None)
        queue.pace.answered(turn, NOTHING, well=False)
        rests.append(queue.take().wait)
        queue.pace.lost()
    assert rests == [0, 2, 4, 8, 10, 0, 0]


def test_refusals_that_were_on_their_way_together_are_one():
    queue = Queue(throttled_wait=1)
    together = [queue.take() for _ in range(4)]
    for turn in together:
        queue.pace.refused(turn, None)
    assert queue.take().wait == 0
    late = queue.take()
    queue.pace.refused(late, None)
    assert queue.take().wait == 2


def test_an_answer_that_is_well_ends_the_rest_and_the_row():
    queue = Queue(throttled_wait=1)
    queue.pace.refused(queue.take(), 30)
    fresh = queue.take(wait=0)
    assert fresh.wait == 30
    queue.pace.answered(fresh, NOTHING, well=True)
    assert queue.take().wait == 0
    queue.pace.refused(queue.take(), None)
    assert queue.take().wait == 0, "the first of a new row"


def test_an_answer_to_an_older_request_ends_nothing():
    queue = Queue()
    old = queue.take()
    queue.pace.refused(queue.take(), 30)
    queue.pace.answered(old, NOTHING, well=True)
    assert queue.take().wait == 30


def test_a_turn_stands_until_something_is_refused():
    queue = Queue()
    turn = queue.take()
    assert queue.pace.holds(turn)
    queue.pace.refused(queue.take(), None)
    assert not queue.pace.holds(turn)
    assert queue.pace.holds(queue.take())


def test_a_turn_that_was_overtaken_is_not_on_its_way():
    queue = Queue()
    first, overtaken, refused = queue.take(0), queue.take(), queue.take()
    queue.pace.refused(refused, None)
    queue.pace.lost()
    assert not queue.pace.holds(overtaken)
    queue.pace.answered(first, Window(100, 2, 30), well=True)
    assert queue.waits(3) == [0, 0, 30]


def test_a_call_that_was_overtaken_goes_on_at_once(connect, clock):
    """While it waits for its second attempt, another is refused for no time: it takes a new turn, and does not sleep for it."""
    sleep = clock.sleep

    def overtaken(seconds: float) -> None:
        sleep(seconds)
        if len(clock.pauses) == 1:
            pace = client._sender._shared.pace
            pace.refused(pace.take(0, math.inf), 0)
            pace.lost()

    clock.sleep = overtaken
    client, vendor = connect((503, {}, {"retry-after": "3"}), (200, {}))
    client.send(READ)
    assert clock.pauses == [3]
    assert len(vendor.requests) == 2


# ---- the rate that is learned ----


def gap_after(queue: Queue) -> float:
    first, second = queue.waits(2)
    return second - first


def refuse(queue: Queue, at: float) -> None:
    queue.pace.refused(queue.take(at), None)
    queue.pace.lost()


def test_the_rate_is_learned_from_the_last_second():
    """20 were taken in the half second before; a second counts at least as one."""
    queue = Queue()
    queue.sent(*spread(10.0, 10.5, 20))
    refuse(queue, 10.6)
    assert gap_after(queue) == pytest.approx(1 / (20 * 0.95))


def test_where_the_last_second_tells_little_the_last_ten_are_asked():
    """In the last two seconds there were nine; that is not the last second."""
    queue = Queue()
    queue.sent(*spread(0.7, 6.7, 20), *spread(8.8, 10.4, 9))
    refuse(queue, 10.6)
    assert gap_after(queue) == pytest.approx((10.6 - 0.7) / (29 * 0.95))


def test_what_is_longer_ago_tells_nothing():
    queue = Queue()
    queue.sent(*spread(0, 0.5, 50), *spread(20, 29, 7))
    refuse(queue, 29.5)
    assert gap_after(queue) == 0


@pytest.mark.parametrize(("taken", "learned"), [(7, False), (8, True)])
def test_a_rate_is_told_from_eight(taken, learned):
    queue = Queue()
    queue.sent(*spread(0, 0.9, taken))
    refuse(queue, 0.95)
    assert (gap_after(queue) > 0) is learned


def test_what_was_sent_already_counts_at_the_new_rate():
    """20 in half a second, at 19 a second from their first on: the next comes 20 / 19 s after that."""
    queue = Queue()
    queue.sent(*spread(10.0, 10.5, 20))
    refuse(queue, 10.6)
    assert queue.take().wait == pytest.approx(20 / 19 - 0.6)


def test_a_refused_request_was_not_taken():
    queue = Queue()
    turns = queue.sent(*spread(0, 0.5, 9))
    queue.pace.refused(turns[-1], None)
    assert gap_after(queue) == pytest.approx(1 / (8 * 0.95))


def test_a_rate_that_is_refused_again_goes_down_and_never_up():
    queue = Queue()
    queue.sent(*spread(0, 0.9, 10))
    refuse(queue, 0.95)
    assert gap_after(queue) == pytest.approx(1 / 9.5)
    queue = Queue(requests_per_second=5)
    queue.sent(*spread(0, 0.9, 10))
    refuse(queue, 0.95)
    assert gap_after(queue) == pytest.approx(1 / (5 * 0.95))


@pytest.mark.parametrize(
    ("quiet", "rate"),
    [(0, 9.5), (4.9, 9.5), (5.1, 9.5 * 1.02)],
)
def test_after_quiet_times_a_little_more_is_tried(quiet, rate):
    queue = Queue()
    queue.sent(*spread(0, 0.9, 10))
    refuse(queue, 0.95)
    queue.clock.now = 1000.95 + quiet
    assert gap_after(queue) == pytest.approx(1 / rate)


def test_each_time_more_is_tried_and_at_last_all():
    queue = Queue()
    queue.sent(*spread(0, 0.9, 10))
    refuse(queue, 0.95)
    rates, rate = [], 9.5
    for n in range(10):
        queue.clock.now += 5.1
        rates.append(1 / gap_after(queue))
        rate *= 1 + 0.02 * 2**n
        assert rates[-1] == pytest.approx(rate)
    queue.clock.now += 5.1
    assert gap_after(queue) == 0


def test_a_rate_from_ten_seconds_is_tried_out_sooner():
    queue = Queue()
    queue.sent(*spread(0, 9, 10))
    refuse(queue, 9.5)
    before = gap_after(queue)
    queue.clock.now = 1010.1
    assert gap_after(queue) == pytest.approx(before / 1.02)


# ---- what headers say ----


def test_a_short_window_is_used_evenly():
    """20 in 2 seconds are 9.6 a second, with a margin for two clocks and a line."""
    queue = Queue()
    queue.told(0, limit=20, left=19, reset=2)
    assert gap_after(queue) == pytest.approx(2 / (20 * 0.96))


def test_the_longest_time_to_a_reset_is_the_window():
    queue = Queue()
    queue.told(0, limit=20, left=19, reset=2)
    queue.told(1.5, limit=20, left=15, reset=0.5)
    assert gap_after(queue) == pytest.approx(2 / (20 * 0.96))


def test_a_window_of_less_than_a_second_counts_as_one():
    queue = Queue()
    queue.told(0, limit=10, left=9, reset=0.2)
    assert gap_after(queue) == pytest.approx(1 / 9.6)


def test_what_went_out_in_a_short_window_counts():
    """Six in no time, at 9.6 a second from the first on."""
    queue = Queue()
    for left in range(19, 13, -1):
        queue.told(0, limit=20, left=left, reset=2)
    assert queue.take().wait == pytest.approx(6 / 9.6)


def test_a_limit_that_is_told_is_not_learned_over():
    queue = Queue()
    queue.told(0, limit=20, left=5, reset=2)
    queue.sent(*spread(0.1, 0.9, 9))
    refuse(queue, 0.95)
    assert gap_after(queue) == pytest.approx(2 / (20 * 0.96))


@pytest.mark.parametrize(("reset", "even"), [(10, True), (10.01, False)])
def test_a_window_is_short_up_to_ten_seconds(reset, even):
    queue = Queue()
    queue.told(0, limit=1000, left=999, reset=reset)
    assert (gap_after(queue) > 0) is even


def test_a_long_window_is_spent_as_calls_come_and_then_waited_for():
    queue = Queue()
    queue.told(0, limit=100, left=3, reset=30)
    assert queue.waits(5) == [0, 0, 0, 30, 30]
    assert queue.take(30.5).wait == 0


def test_requests_on_their_way_are_not_in_the_vendors_count_yet():
    queue = Queue()
    first = queue.take(0)
    queue.take()
    queue.take()
    queue.pace.answered(first, Window(100, 5, 30), well=True)
    assert queue.waits(4) == [0, 0, 0, 30]


def test_requests_that_were_lost_are_on_their_way_no_more():
    queue = Queue()
    first = queue.take(0)
    queue.take()
    queue.take()
    queue.pace.lost()
    queue.pace.lost()
    queue.pace.answered(first, Window(100, 3, 30), well=True)
    assert queue.waits(4) == [0, 0, 0, 30]


def test_a_long_window_that_is_spent_is_waited_for():
    queue = Queue()
    queue.told(0, limit=100, left=0, reset=30)
    assert queue.take().wait == 30


def test_a_short_window_that_is_spent_opens_a_second_sooner():
    """What is told in whole seconds is rounded up, most often."""
    queue = Queue()
    queue.told(0, limit=1000, left=0, reset=5)
    assert queue.take().wait == 4


def test_a_long_window_that_has_ended_holds_nobody():
    queue = Queue()
    queue.told(0, limit=100, left=2, reset=30)
    assert [queue.take(30 + n).wait for n in range(4)] == [0, 0, 0, 0]


def test_a_window_that_ends_too_late_is_the_vendors_to_refuse():
    queue = Queue()
    queue.told(0, limit=100, left=1, reset=61)
    assert queue.waits(3) == [0, 0, 0]
    queue.told(0, limit=100, left=1, reset=60)
    assert queue.waits(3) == [0, 60, 60]


def test_headers_that_tell_half_are_not_heeded():
    queue = Queue()
    queue.told(0, limit=2)
    queue.told(0, limit=2, left=0)
    queue.told(0, reset=5)
    assert queue.waits(3) == [0, 0, 0]


def test_calls_left_without_a_limit_are_counted_too():
    queue = Queue()
    queue.told(0, left=2, reset=30)
    assert queue.waits(3) == [0, 0, 30]
