"""`generate`: one video from the terminal, on the same foundation as the bot's."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryFile
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from bot import as_invoked
from bot.app.foundation import locked_ground
from bot.cli.shell import (
    BAD_SETTINGS,
    confirmed,
    refused,
    settings_or_exit,
    tell,
    told_in_a_sentence,
)
from bot.cli.terminal.bench import Bench, NotResumed, open_bench, take_picture
from bot.cli.terminal.person import HowItEnded, PersonAtTerminal, wait_beside
from bot.cli.terminal.screen import Describe, ExpectedTime, Screen, TerminalAnnouncer
from bot.domain.clock import SystemClock
from bot.domain.denied import Denied
from bot.domain.figures import said_dollars, without_markup
from bot.domain.generation.models import PRO, qualities
from bot.domain.generation.picture import ATTACHMENT_MAX_BYTES, Picture
from bot.domain.generation.request import (
    DURATION_DEFAULT_S,
    DURATION_MAX_S,
    DURATION_MIN_S,
    GUIDANCE_DEFAULT,
    Aspect,
    GenerationRequest,
)
from bot.domain.job import UNSENT_STATES, Job, State
from bot.domain.line import InLine
from bot.domain.money.policy import DeclineWhy
from bot.domain.money.price import Prices
from bot.domain.ownership import is_root
from bot.features.terminal_jobs import GENERATED
from bot.languages.language import Language, load_languages
from bot.observability.logs import configure_logging
from bot.settings import Settings
from bot.ui.words import cards as words
from bot.ui.words import personal as words_personal
from bot.ui.words import requests as words_requests
from bot.ui.words.declines import decline_line, in_line_line
from bot.ui.words.ends import hold_line

NOT_RESUMED = {
    NotResumed.UNKNOWN_JOB: f"No such job. `{as_invoked('jobs')}` lists them.",
    NotResumed.NOT_FROM_TERMINAL: "That video was ordered on Discord: the bot delivers it there.",
}


def generate(  # noqa: PLR0913 - each is an option of the command
    prompt: Annotated[str | None, typer.Argument(help="What the video shows.")] = None,
    *,
    duration: Annotated[
        int, typer.Option(min=DURATION_MIN_S, max=DURATION_MAX_S, help="Length in seconds.")
    ] = DURATION_DEFAULT_S,
    image: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A picture to start from.")
    ] = None,
    last_image: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A picture to end on.")
    ] = None,
    aspect: Annotated[
        Aspect | None,
        typer.Option(help="Shape, 16:9 if not given. With a picture, the picture decides."),
    ] = None,
    quality: Annotated[str, typer.Option(help=f"Quality: {', '.join(qualities())}.")] = PRO,
    sound: Annotated[
        bool, typer.Option("--sound/--silent", help="With sound, or without it for less.")
    ] = True,
    negative_prompt: Annotated[
        str | None, typer.Option(help="What the video should not show.")
    ] = None,
    guidance: Annotated[
        float, typer.Option(min=0, max=1, help="How closely to follow the prompt.")
    ] = GUIDANCE_DEFAULT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File or folder to save it in. Overwrites nothing."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Spend without asking.")] = False,
    resume: Annotated[
        str | None,
        typer.Option(metavar="JOB", help="Continue a job that you left. Takes no prompt."),
    ] = None,
) -> None:
    """Make one video from this terminal. It names the price and asks before it spends."""
    files = {"start_frame": image, "end_frame": last_image}
    frames = {field: file for field, file in files.items() if file is not None}
    if (prompt is None) is (resume is None) or (resume is not None and frames):
        typer.echo("Give either a prompt or --resume JOB.", err=True)
        raise typer.Exit(BAD_SETTINGS)
    settings = settings_or_exit()
    language = load_languages().of("en")
    _usable(output)
    _own(settings.data_dir)
    wanted = resume or _accepted(
        settings,
        language,
        frames,
        yes=yes,
        prompt=prompt,
        duration_s=duration,
        aspect=aspect,
        quality=quality,
        sound=sound,
        negative_prompt=negative_prompt,
        guidance=guidance,
    )
    _make(settings, language, wanted, output)


def _make(
    settings: Settings, language: Language, wanted: GenerationRequest | str, output: Path | None
) -> None:
    """Make the video, or go on with the job of this id, and say where the files are."""
    configure_logging(level="ERROR", secrets=settings.secrets, log_format="human", traces=False)
    with told_in_a_sentence():
        said = asyncio.run(_generated(settings, language, wanted, output))
    if isinstance(said, str):
        raise refused(without_markup(said))
    if paths := "\n".join(map(str, said)):
        tell(paths, else_say=f"The video is in {paths}")


def _accepted(
    settings: Settings,
    language: Language,
    frames: Mapping[str, Path],
    *,
    yes: bool,
    **options: Any,  # noqa: ANN401 - the model checks them
) -> GenerationRequest:
    """The request, once nothing but the purchase is left and the operator says yes."""
    fields = {name: value for name, value in options.items() if value is not None}
    request = _request(language, **fields)
    if frames and "aspect" in fields:
        raise refused(language.say(words_requests.SHAPE_FOLLOWS))
    # Before the question: a yes that leads nowhere would be useless.
    with told_in_a_sentence(), locked_ground(settings):
        if frames:
            request = _request(language, **fields, **_taken(settings, language, frames))
    _confirm(language, request, yes=yes)
    return request


def _request(language: Language, **fields: Any) -> GenerationRequest:  # noqa: ANN401 - the model checks them
    try:
        return GenerationRequest(**fields)
    except ValidationError as refusal:
        raise refused(words_requests.bad_request(language, refusal)) from refusal


def _taken(
    settings: Settings, language: Language, frames: Mapping[str, Path]
) -> Mapping[str, Picture]:
    taken = dict[str, Picture]()
    for field, file in frames.items():
        try:
            with file.open("rb") as opened:
                data = opened.read(ATTACHMENT_MAX_BYTES + 1)  # one more is too large already
        except OSError as error:
            raise refused(f"{file} can't be read: {error.strerror}.") from error
        picture = asyncio.run(take_picture(settings, data, clock=SystemClock()))
        if isinstance(picture, Denied):
            raise refused(f"{file}: {words_requests.bad_picture(language, picture.why)}")
        taken[field] = picture
    return taken


def _usable(output: Path | None) -> None:
    """Refuse, before anything is spent, a path that could not be written afterwards."""
    folder = output or Path.cwd()
    if not folder.is_dir():
        if folder.exists():
            raise refused(f"{output} already exists and was not changed: choose another name.")
        folder = folder.parent
    try:
        # A real write, since permissions say nothing about quotas and mounts.
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise refused(f"{folder} isn't a folder that you can write to.") from error


def _own(data_dir: Path) -> None:
    """Refuse to leave files of root, which a bot under its own user could not use."""
    if is_root() and data_dir.exists() and (owner := data_dir.stat().st_uid) != 0:
        raise refused(f"{data_dir} belongs to user {owner}: run this command as that user.")


def _confirm(language: Language, request: GenerationRequest, *, yes: bool) -> None:
    chosen = words_requests.settings_line(language, request, private=False)
    price = said_dollars(Prices().estimate_microusd(request))
    confirmed(
        f"{chosen}: about {price}. Generate?",
        yes=yes,
        otherwise="Nothing was ordered or spent.",
    )


async def _generated(
    settings: Settings, language: Language, wanted: GenerationRequest | str, output: Path | None
) -> Sequence[Path] | str:
    """Generate, or resume a job; returns the files, or a sentence that says why there are none."""
    from rich.console import Console  # noqa: PLC0415 - loaded when wanted: it costs 30 ms and 5 MiB

    clock = SystemClock()
    screen = Screen(
        describe=_describing(language),
        refusal=lambda refusal: language.say(words.CANCEL_REFUSALS[refusal]),
        expected=ExpectedTime(
            clock=clock, usual=lambda forecast: words_personal.usual_line(language, forecast)
        ),
        console=Console(stderr=True),
    )
    person = PersonAtTerminal(stdin=sys.stdin)
    async with open_bench(
        settings, screen=screen, output=output, clock=clock, random=SystemRandom()
    ) as bench:
        with closing(screen), person.listening():
            behind = await bench.behind(wanted if isinstance(wanted, str) else None)
            if behind is not None and behind.is_alone:
                return f"{behind} Nothing new is bought."
            if behind is not None:
                screen.say(str(behind))
            begun = await _begun(bench, wanted)
            if isinstance(begun, NotResumed):
                return NOT_RESUMED[begun]
            if not isinstance(begun, Job):
                return decline_line(language, begun)
            screen.say(f"Job {begun.id}, about {said_dollars(begun.estimate_microusd)}.")
            screen.show(begun, service_silent=False, in_line=None)
            how = await wait_beside(
                begun.id,
                over=bench.engine.over,
                ordering=bench.ordering,
                person=person,
                screen=screen,
            )
            await bench.engine.stop()
        job = await bench.base.store.get(begun.id) or begun
        if how is HowItEnded.LEFT and job.needs_work:
            return _left(job, settings)
        if job.cost_microusd is not None:
            screen.say(f"It cost {said_dollars(job.cost_microusd)}.")
        return _ended(job, bench.announcer, settings, language)


async def _begun(bench: Bench, wanted: GenerationRequest | str) -> Job | DeclineWhy | NotResumed:
    return await (bench.resume(wanted) if isinstance(wanted, str) else bench.ask(wanted))


def _describing(language: Language) -> Describe:
    def described(job: Job, service_silent: bool, in_line: InLine | None) -> str:  # noqa: FBT001 - as Describe has it
        parts = [words.heading(language, job)]
        if in_line is not None and job.state is State.WAITING:
            parts.append(in_line_line(language, in_line))
        elif job.held_because is not None and job.state is State.WAITING:
            parts.append(hold_line(language, job.held_because, own_key=job.key_id is not None))
        if job.state is State.QUEUED and job.queue_position is not None:
            parts.append(words.position_line(language, job.queue_position))
        if service_silent:
            parts.append(language.say(words.SERVICE_SILENT))
        return " · ".join(parts)

    return described


def _left(job: Job, settings: Settings) -> str:
    stands = (
        "It isn't sent yet, and nothing is bought."
        if job.state in UNSENT_STATES
        else "RunComfy still has it."
    )
    return (
        f"{stands} Continue it with `{as_invoked(f'generate --resume {job.id}')}`, or "
        f"start the bot: it saves the video in {settings.data_dir / GENERATED}."
    )


def _ended(
    job: Job, announcer: TerminalAnnouncer, settings: Settings, language: Language
) -> Sequence[Path] | str:
    match job.state:
        case State.DELIVERED if announcer.saved is not None:
            return announcer.saved
        case State.DELIVERED:
            return f"It was delivered already: look in {settings.data_dir / GENERATED}."
        case State.FAILED:
            return words.failure_line(language, job)
        case State.CANCELLED:
            return language.say(words.CANCELLED)
        case State.UNSURE:
            return f"{words.unsure_line(language, job)} See `{as_invoked('resolve')}`."
        case _:
            return _left(job, settings)
