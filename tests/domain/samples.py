"""Jobs, requests and events to tell stories with, plain ones and random ones."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.domain.generation.models import MODELS, Cutting, Model, Option
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import (
    DURATION_MAX_S,
    DURATION_MIN_S,
    SHOTS_MAX,
    SHOTS_MIN,
    Aspect,
    GenerationRequest,
    Shot,
)
from bot.domain.job import INTERACTION_TOKEN_LIFE, Canceller, HoldReason, Job, Place, Reach, State
from bot.domain.lifecycle import (
    EVENTS,
    Accepted,
    AskConfirmed,
    BackupRestored,
    CancelAsked,
    Cancelled,
    CancelRefused,
    CardDeleted,
    CardMoved,
    Delivered,
    EndTold,
    Erased,
    Event,
    KeyChanged,
    LinkShown,
    NeverConfirmed,
    OutcomeLost,
    PromptErased,
    QueueMoved,
    Refused,
    RenderingBegan,
    RenderingFailed,
    RenderingSucceeded,
    ReviewApproved,
    ReviewAsked,
    ReviewDeclined,
    ReviewNeeded,
    SendingBegan,
    SendingHeldBack,
    SteppedAside,
    WatchGivenUp,
    WrittenOff,
)
from bot.domain.outcomes import FailureReason, Media, MediaKind

NOON = datetime(2031, 5, 4, 12, 0, 0, 123_456, tzinfo=UTC)
LATER = NOON + timedelta(minutes=3, microseconds=1)

HERE = Place(
    channel_id=1_100_000_000_000_000_001,
    message_id=1_100_000_000_000_000_002,
    guild_id=1_100_000_000_000_000_003,
    reach=Reach.BOT,
    interaction_token="canary-interaction-token",
    interaction_token_until=NOON + INTERACTION_TOKEN_LIFE,
    upload_limit_bytes=10 * 1024 * 1024,
)
ELSEWHERE = Place(
    channel_id=2,
    message_id=3,
    guild_id=None,
    reach=Reach.INTERACTION,
    upload_limit_bytes=25 * 1024 * 1024,
)
A_VIDEO = Media(kind=MediaKind.VIDEO, url="https://files.example/kite.mp4")
AN_IMAGE = Media(kind=MediaKind.IMAGE, url="https://files.example/kite.png")

ONE_OF_EACH_EVENT: tuple[Event, ...] = (
    AskConfirmed(),
    ReviewNeeded(),
    NeverConfirmed(-5),
    SendingBegan(),
    SendingHeldBack(),
    Accepted("request-1"),
    ReviewAsked(5, 6),
    ReviewApproved(7),
    ReviewDeclined(reviewed_by=7, declined_because="too loud"),
    KeyChanged(7),
    SteppedAside(LATER, NOON, HoldReason.NO_BALANCE),
    Refused(FailureReason.INPUT_REFUSED),
    OutcomeLost(),
    QueueMoved(4),
    RenderingBegan(),
    RenderingSucceeded((A_VIDEO, AN_IMAGE), 840_000),
    RenderingFailed(FailureReason.GENERATION_FAILED, 1),
    CancelAsked(Canceller.REQUESTER),
    CancelRefused(LATER),
    Cancelled(Canceller.MODERATOR),
    LinkShown(),
    Delivered(),
    WatchGivenUp(),
    WrittenOff(),
    BackupRestored(),
    CardMoved(ELSEWHERE),
    Erased(0, GenerationRequest(prompt="-"), ELSEWHERE, None),
    PromptErased(GenerationRequest(prompt="-")),
    EndTold(),
    CardDeleted(),
)
assert {type(event) for event in ONE_OF_EACH_EVENT} == set(EVENTS)


def a_job(
    number: int = 1, *, state: State = State.WAITING, prompt: str = "a red kite", told: bool = False
) -> Job:
    """A job like any other, told apart from the next by its number."""
    return Job(
        id=f"job-{number}",
        interaction_id=1_300_000_000_000_000_000 + number,
        requester_id=77,
        request=GenerationRequest(prompt=prompt),
        private=False,
        server_id=HERE.guild_id,
        place=HERE,
        estimate_microusd=840_000,
        created_at=NOON + timedelta(seconds=number),
        state_since=NOON + timedelta(seconds=number),
        state=state,
        told=told,
    )


def texts(*, min_size: int = 0, max_size: int) -> st.SearchStrategy[str]:
    """Any text that people can send: every script and emoji, but no lone surrogates."""
    characters = st.characters(exclude_categories=["Cs"])
    return st.text(characters, min_size=min_size, max_size=max_size)


def shots() -> st.SearchStrategy[Shot]:
    """Any shot within the limits, of the usual length."""
    return st.builds(
        Shot,
        prompt=texts(min_size=1, max_size=40).filter(lambda text: text.strip() != ""),
        duration_s=st.integers(DURATION_MIN_S, DURATION_MAX_S),
    )


def requests() -> st.SearchStrategy[GenerationRequest]:
    """Any request within the limits, of any model, a storyboard among others."""
    one = st.tuples(plain_requests(), st.sampled_from(MODELS)).flatmap(
        lambda pair: with_model(*pair)
    )
    return one | st.builds(as_storyboard, one, fitting_shots())


def fitting_shots() -> st.SearchStrategy[tuple[Shot, ...]]:
    """Two to five shots that together are no longer than a video may be."""
    return (
        st.lists(shots(), min_size=SHOTS_MIN, max_size=SHOTS_MAX)
        .map(lambda some: tuple(shot.model_copy(update={"duration_s": 3}) for shot in some))
        .flatmap(
            lambda some: st.integers(0, DURATION_MAX_S - 3 * len(some)).map(
                lambda more: (some[0].model_copy(update={"duration_s": 3 + more}), *some[1:])
            )
        )
    )


def as_storyboard(request: GenerationRequest, with_shots: tuple[Shot, ...]) -> GenerationRequest:
    """The same request, told in shots."""
    duration_s = sum(shot.duration_s for shot in with_shots)
    return GenerationRequest.model_validate(
        {
            **request.model_dump(),
            "shots": with_shots,
            "duration_s": duration_s,
            "cutting": Cutting.AS_ORDERED,
        }
    )


def pictures() -> st.SearchStrategy[Picture]:
    """Any picture that is kept."""
    return st.builds(
        Picture,
        digest=st.text("0123456789abcdef", min_size=64, max_size=64),
        media_type=st.sampled_from(["image/png", "image/jpeg", "image/webp"]),
        width_px=st.integers(300, 4096),
        height_px=st.integers(300, 4096),
    )


def with_model(request: GenerationRequest, model: Model) -> st.SearchStrategy[GenerationRequest]:
    """The same request, made by this model with any of its options."""
    start = pictures() if model.has(Option.START_FRAME) else st.none()
    end = st.none() | pictures() if model.has(Option.END_FRAME) else st.none()
    chosen = st.fixed_dictionaries(
        {"start_frame": start, "end_frame": end, "cutting": st.sampled_from(model.cutting)}
    )
    before = {**dict(request), "quality": model.quality}
    return chosen.map(lambda some: GenerationRequest.model_validate(before | some))


def plain_requests() -> st.SearchStrategy[GenerationRequest]:
    """Any request within the limits for a video of one piece."""
    return st.builds(
        GenerationRequest,
        prompt=texts(min_size=1, max_size=60).filter(lambda text: text.strip() != ""),
        negative_prompt=st.none() | texts(max_size=60),
        duration_s=st.integers(DURATION_MIN_S, DURATION_MAX_S),
        aspect=st.sampled_from(Aspect),
        sound=st.booleans(),
        guidance=st.floats(0, 1),
    )


BIGINTS = st.integers(-(2**63), 2**63 - 1)
PRICES = st.integers(0, 10_000 * 1_000_000)
"""In micro-dollars: what the wire lets pass, so that the ledger can add them up for ever."""
MEDIA = st.builds(Media, kind=st.sampled_from(MediaKind), url=texts(max_size=40))
WORDS = texts(max_size=40).map(lambda text: text.replace("\0", ""))
INSTANTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis asks for naive bounds
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)
PLACES = st.builds(
    Place,
    channel_id=BIGINTS,
    message_id=BIGINTS,
    guild_id=st.none() | BIGINTS,
    reach=st.sampled_from(Reach),
    interaction_token=st.none() | WORDS,
    interaction_token_until=st.none() | INSTANTS,
    upload_limit_bytes=BIGINTS,
)


def events() -> st.SearchStrategy[Event]:
    """Any event with anything that it may bring along."""
    failures = st.sampled_from(FailureReason)
    micros = st.none() | PRICES
    media = st.lists(MEDIA, max_size=3).map(tuple)
    return st.one_of(
        st.sampled_from(ONE_OF_EACH_EVENT),
        st.builds(Accepted, WORDS),
        st.builds(Refused, failures),
        st.builds(QueueMoved, st.none() | BIGINTS),
        st.builds(RenderingSucceeded, media, micros),
        st.builds(RenderingFailed, failures, micros),
        st.builds(WrittenOff, failures),
        st.builds(CardMoved, PLACES),
    )


def jobs() -> st.SearchStrategy[Job]:
    """Any job that the types allow, sensible or not."""
    return st.builds(
        Job,
        id=WORDS,
        interaction_id=BIGINTS,
        requester_id=BIGINTS,
        request=requests(),
        private=st.booleans(),
        server_id=st.none() | BIGINTS,
        place=PLACES,
        estimate_microusd=PRICES,
        key_id=st.none() | BIGINTS,
        spoiler=st.booleans(),
        created_at=INSTANTS,
        state=st.sampled_from(State),
        version=st.integers(0, 2**31 - 1),
        state_since=INSTANTS,
        sent_at=st.none() | INSTANTS,
        held_until=st.none() | INSTANTS,
        held_since=st.none() | INSTANTS,
        held_because=st.none() | st.sampled_from(HoldReason),
        request_id=st.none() | WORDS,
        queue_position=st.none() | BIGINTS,
        media=st.lists(MEDIA, max_size=3).map(tuple),
        cost_microusd=st.none() | PRICES,
        counted_microusd=st.none() | PRICES,
        failure=st.none() | st.sampled_from(FailureReason),
        review_channel_id=st.none() | BIGINTS,
        review_message_id=st.none() | BIGINTS,
        reviewed_by=st.none() | BIGINTS,
        declined_because=st.none() | WORDS,
        cancelled_by=st.none() | st.sampled_from(Canceller),
        cancel_refused_at=st.none() | INSTANTS,
        told=st.booleans(),
        erased=st.booleans(),
        deleted=st.booleans(),
    )
