"""A stand-in for RunComfy on loopback: the documented API with its traps, scripted per request.

It keeps time by the clock it is given, lazily, so it serves in virtual and in real time alike.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from uuid import uuid4

from aiohttp import web
from pydantic import JsonValue
from yarl import URL

from bot.domain.generation.models import USUAL, Option, model_named
from bot.domain.ports import Clock
from bot.playground.runcomfy_input import ModelInput, read_input
from bot.playground.runcomfy_jobs import StandInJob
from bot.playground.runcomfy_replies import (
    Catalogue,
    Replies,
    as_json,
    balance_answer,
    other_answer,
)
from bot.playground.runcomfy_scenario import Answers, Delays, Scenario, api_error, fault_at
from bot.playground.runcomfy_scripts import WORDS, Scripts
from bot.playground.videos import Clip

__all__ = ["MODEL_ID", "WORDS", "FileRequest", "Post", "RunComfyServer", "Videos"]

MODEL_ID = USUAL.id
POST_MAX_BYTES = 32 * 1024 * 1024
"""The largest body that is read: two pictures of the largest kind, as base64, are far below."""


class Videos(Protocol):
    """The source of the results; `VideoLibrary` is one."""

    async def video(self, clip: Clip) -> Path:
        """An MP4."""
        ...

    async def image(self, aspect: str) -> Path:
        """A PNG."""
        ...


@dataclass(slots=True)
class Post:
    """A submission that arrived, accepted or not."""

    input: Mapping[str, JsonValue]
    key: str
    key_accepted: bool
    model_id: str = ""
    request_id: str | None = None
    pictures: Mapping[Option, bytes] = field(default_factory=dict[Option, bytes])
    """The pictures in it, which `input` only names."""
    body_bytes: int = 0


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A download as it arrived."""

    path: str
    headers: Mapping[str, str]


class RunComfyServer:
    """Serves while its context is open.

    Each submission takes the next scenario of `will`, else the one that its prompt names, else
    `default`. A scenario with a number of refusals stays until they are used up.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        videos: Videos,
        api_key: str = "playground-key",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.api_key = api_key
        self.other_keys: dict[str, str] = {}
        """Further keys that are accepted, with the account of each."""
        self.grant_usd = Decimal(1000)
        """The initial balance of each account."""
        self.catalogue = Catalogue()
        self.front_door: Answers | None = None
        """The answer of a proxy in front, which lets no request pass; None without one."""
        self.posts: list[Post] = []
        self.jobs: dict[str, StandInJob] = {}
        self.file_requests: list[FileRequest] = []
        self._clock = clock
        self._videos = videos
        self._host = host
        self._port = port
        self._scripts = Scripts()
        self._replies = Replies()
        self._runner = web.AppRunner(
            # Handlers are cancelled when the client leaves, so that an endless file ends.
            self._app(),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=1,
        )

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Release the hanging requests first, or the cleanup would wait for them until its timeout.
        self._replies.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The API's address, without a closing slash."""
        return str(URL.build(scheme="http", host=self._host, port=self._bound_port()))

    @property
    def file_host(self) -> str:
        """The host of the files, for an allow-list."""
        return self._host

    def will(self, *scenarios: Scenario) -> None:
        """Script the next submissions, in order."""
        self._scripts.add(*scenarios)

    @web.middleware
    async def _guarded(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        return await handler(request) if self.front_door is None else other_answer(self.front_door)

    @property
    def default(self) -> Scenario:
        """The scenario of a submission without another one."""
        return self._scripts.default

    @default.setter
    def default(self, scenario: Scenario) -> None:
        self._scripts.default = scenario

    @property
    def balance_usd(self) -> Decimal:
        """What is left of `grant_usd`: every job is charged when its rendering begins."""
        return self.balance_of("")

    def balance_of(self, account: str) -> Decimal:
        """The same of another account than that of `api_key`."""
        now = self._clock.now()
        theirs = (job for job in self.jobs.values() if job.account == account)
        billed = (job.price_usd for job in theirs if job.is_billed(now))
        return self.grant_usd - sum(billed, Decimal(0))

    def _bound_port(self) -> int:
        return int(self._runner.addresses[0][1])

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._guarded], client_max_size=POST_MAX_BYTES)
        app.add_routes(
            [
                web.post("/v1/models/{model_id:.+}", self._submit),
                web.get("/v1/models/{model_id:.+}", self._catalogue),
                web.get("/v1/requests/{request_id}/status", self._status),
                web.get("/v1/requests/{request_id}/result", self._result),
                web.post("/v1/requests/{request_id}/cancel", self._cancel),
                web.get("/prod/v2/balance", self._balance),
                web.get("/files/{account}/{request_id}/{name}", self._file),
            ]
        )
        return app

    async def _submit(self, request: web.Request) -> web.StreamResponse:
        # Counted before anything else: a purchase that was sent twice must be visible.
        account = self._account_of(request)
        post = Post(input={}, key=_key_of(request), key_accepted=account is not None)
        self.posts.append(post)
        body = await request.read()
        post.body_bytes = len(body)
        if account is None:
            return other_answer(api_error(400004, status=401))
        model = model_named(request.match_info["model_id"])
        if model is None:
            return other_answer(api_error(400001))
        wanted = read_input(body, model)
        if isinstance(wanted, list):
            return as_json({"detail": wanted}, status=422)
        post.model_id, post.input, post.pictures = model.id, dict(wanted.said), wanted.pictures
        return await self._buy(request, post, wanted, account=account)

    async def _buy(
        self, request: web.Request, post: Post, wanted: ModelInput, *, account: str
    ) -> web.StreamResponse:
        scenario, fault = self._scripts.take(wanted.prompt)
        how = None if fault is None else fault.how
        # A delayed answer is true, so its job is real.
        if fault is not None and not fault.accepted and not isinstance(how, Delays):
            return await self._replies.of_call(request, {}, how=how)
        job = StandInJob(
            request_id=scenario.request_id or str(uuid4()),
            input=wanted,
            scenario=scenario,
            accepted_at=self._clock.now(),
            account=account,
        )
        if self.balance_of(account) < job.price_usd:
            return other_answer(api_error(400002))
        self.jobs[job.request_id] = job
        post.request_id = job.request_id
        return await self._replies.of_call(request, job.links(self._base(job)), how=how)

    async def _status(self, request: web.Request) -> web.StreamResponse:
        job = self._asked(request, "status")
        if isinstance(job, web.Response):
            return job
        fault = fault_at(job.scenario.on_status, job.calls["status"] - 1)
        truth = job.status_answer(self._clock.now(), self._base(job))
        return await self._replies.of_call(request, truth, how=fault and fault.how)

    async def _result(self, request: web.Request) -> web.StreamResponse:
        job = self._asked(request, "result")
        if isinstance(job, web.Response):
            return job
        fault = fault_at(job.scenario.on_result, job.calls["result"] - 1)
        truth = job.result_answer(
            self._clock.now(),
            job.scenario.files_at or self.url,
            include_cost=request.query.get("include_cost") == "true",
        )
        return await self._replies.of_call(request, truth, how=fault and fault.how)

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        job = self._asked(request, "cancel")
        if isinstance(job, web.Response):
            return job
        fault = fault_at(job.scenario.on_cancel, job.calls["cancel"] - 1)
        if fault is not None and not fault.accepted and not isinstance(fault.how, Delays):
            return await self._replies.of_call(request, {"outcome": None}, how=fault.how)
        truth = job.cancel_answer(self._clock.now())
        return await self._replies.of_call(request, truth, status=202, how=fault and fault.how)

    async def _catalogue(self, request: web.Request) -> web.StreamResponse:
        if self._account_of(request) is None:
            return other_answer(api_error(400004, status=401))
        return self.catalogue.answer(request.match_info["model_id"])

    async def _balance(self, request: web.Request) -> web.StreamResponse:
        account = self._account_of(request)
        if account is None:
            return other_answer(api_error(400004, status=401))
        return balance_answer(self.balance_of(account))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self.file_requests.append(FileRequest(request.path, dict(request.headers)))
        job = self.jobs.get(request.match_info["request_id"])
        if job is None:
            return web.Response(status=404)
        name = request.match_info["name"]
        fault = fault_at(job.scenario.on_file, job.calls[name])
        job.calls[name] += 1
        made = partial(self._file_of, job, name)
        return await self._replies.of_file(request, made, how=fault and fault.how)

    async def _file_of(self, job: StandInJob, name: str) -> Path:
        wanted = job.input
        if name.endswith(".png"):
            return await self._videos.image(wanted.aspect)
        return await self._videos.video(
            Clip(
                aspect=wanted.aspect,
                duration_s=wanted.duration_s,
                sound=wanted.sound,
                over_bytes=job.scenario.video_over_bytes,
                quality=wanted.model.quality,
                start_frame=wanted.pictures.get(Option.START_FRAME),
                end_frame=wanted.pictures.get(Option.END_FRAME),
            )
        )

    def _asked(self, request: web.Request, what: str) -> StandInJob | web.Response:
        account = self._account_of(request)
        if account is None:
            return other_answer(api_error(400004, status=401))
        job = self.jobs.get(request.match_info["request_id"])
        if job is None:
            return other_answer(api_error(404001))
        if job.account != account:
            return other_answer(api_error(403001))
        job.asked_with.append(_key_of(request))
        # Counted here, so that a test sees a hidden retry of a poll.
        job.calls[what] += 1
        return job

    def _account_of(self, request: web.Request) -> str | None:
        """The account of a key: "" for that of `api_key`, None for an unknown key."""
        key = _key_of(request)
        return "" if key == self.api_key else self.other_keys.get(key)

    def _base(self, job: StandInJob) -> str:
        return job.scenario.links_to or self.url


def _key_of(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")
