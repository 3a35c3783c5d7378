"""The stand-in follows what is documented of the service, spoken to as by any HTTP client."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import JsonValue

from bot.domain.generation.models import MODELS, Model, Option
from bot.playground.runcomfy_scenario import (
    Answers,
    Closes,
    CutsOff,
    Delays,
    Ending,
    Fault,
    Hangs,
    How,
    Output,
    Says,
    Scenario,
    api_error,
    rate_limited,
    unavailable,
)
from bot.playground.runcomfy_server import MODEL_ID, RunComfyServer, Videos
from bot.playground.videos import VideoLibrary
from tests.clocks import FakeClock
from tests.patience import PATIENCE_S, RUNS_OUT_S
from tests.pictures import (
    LEFT,
    RIGHT,
    a_chequer,
    a_picture,
    first_and_last_frame,
    resembles,
    saved,
)
from tests.runcomfy.answers import redirect
from tests.runcomfy.stand_in import MP4, PNG, TinyVideos

KEY = {"Authorization": "Bearer playground-key"}
MODEL = f"/v1/models/{MODEL_ID}"
KITE: dict[str, JsonValue] = {"prompt": "a red kite over the sea"}


class Visit:
    """Somebody who speaks HTTP to the stand-in."""

    def __init__(self, *, server: RunComfyServer, session: ClientSession, clock: FakeClock) -> None:
        self.server = server
        self.clock = clock
        self.videos_asked = 0
        self._session = session

    async def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: JsonValue = None,
        headers: dict[str, str] | None = None,
        timeout_s: float = PATIENCE_S,
    ) -> tuple[int, dict[str, JsonValue]]:
        """A status and the JSON object that came with it."""
        async with self._session.request(
            method,
            path,
            json=body,
            headers=KEY if headers is None else headers,
            timeout=ClientTimeout(total=timeout_s),
        ) as response:
            answer: JsonValue = await response.json()
        assert isinstance(answer, dict)
        return response.status, answer

    async def read(self, path: str) -> tuple[int, str, bytes]:
        """A status, a content type, and the bytes."""
        async with self._session.get(path, allow_redirects=False) as response:
            return response.status, response.content_type, await response.read()

    async def buy(self, body: JsonValue = None) -> tuple[int, dict[str, JsonValue]]:
        """Submit."""
        return await self.ask(MODEL, method="POST", body=KITE if body is None else body)

    async def bought(self, scenario: Scenario | None = None) -> str:
        """Submit with success; the path of the request."""
        self.server.will(scenario or Scenario())
        status, answer = await self.buy()
        assert status == 200
        return f"/v1/requests/{answer['request_id']}"

    def pass_time(self, seconds: float) -> None:
        """Let the stand-in's time pass."""
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))


@asynccontextmanager
async def opened(folder: Path, videos: Videos | None = None) -> AsyncGenerator[Visit]:
    clock = FakeClock()
    async with (
        RunComfyServer(clock=clock, videos=videos or TinyVideos(folder)) as server,
        ClientSession(server.url) as session,
    ):
        yield Visit(server=server, session=session, clock=clock)


def as_data(picture: bytes) -> str:
    """As a request carries it."""
    return f"data:image/png;base64,{b64encode(picture).decode()}"


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncGenerator[Visit]:
    async with opened(tmp_path) as somebody:
        yield somebody


async def test_a_submission_is_answered_with_an_id_and_links(visit: Visit) -> None:
    status, answer = await visit.buy()

    base = f"{visit.server.url}/v1/requests/{answer['request_id']}"
    assert status == 200
    assert answer == {
        "request_id": answer["request_id"],
        "status_url": f"{base}/status",
        "result_url": f"{base}/result",
        "cancel_url": f"{base}/cancel",
    }
    assert list(visit.server.jobs) == [answer["request_id"]]


async def test_a_job_goes_from_the_queue_to_a_file_that_needs_no_key(visit: Visit) -> None:
    path = await visit.bought()
    _, queued = await visit.ask(f"{path}/status")
    visit.pass_time(5)
    _, rendering = await visit.ask(f"{path}/status")
    visit.pass_time(8)
    _, done = await visit.ask(f"{path}/status")
    _, result = await visit.ask(f"{path}/result?include_cost=true")

    assert (queued["status"], queued["queue_position"]) == ("in_queue", 3)
    assert rendering["status"] == "in_progress"
    assert "queue_position" not in rendering
    assert done["status"] == "completed"
    assert (result["status"], result["cost"]) == ("succeeded", 0.84)
    output = result["output"]
    assert isinstance(output, dict)
    assert await visit.read(str(output["video"])) == (200, "video/mp4", MP4)
    assert [asked.path for asked in visit.server.file_requests] == [
        str(output["video"]).removeprefix(visit.server.url)
    ]


async def test_an_image_is_served_as_one(visit: Visit) -> None:
    path = await visit.bought(Scenario(output=Output.IMAGE))
    visit.pass_time(60)
    _, result = await visit.ask(f"{path}/result")

    output = result["output"]
    assert isinstance(output, dict)
    assert "cost" not in result
    assert await visit.read(str(output["image"])) == (200, "image/png", PNG)


async def test_a_video_is_made_from_the_pictures_of_its_request(tmp_path: Path) -> None:
    model = next(model for model in MODELS if model.has(Option.END_FRAME))
    body: dict[str, JsonValue] = {
        "prompt": "it unfolds",
        "duration": 3,
        model.names[Option.START_FRAME]: as_data(saved(a_chequer((640, 330)))),
        model.names[Option.END_FRAME]: as_data(saved(a_picture())),
    }
    async with opened(tmp_path, VideoLibrary(folder=tmp_path / "videos")) as visit:
        status, bought = await visit.ask(f"/v1/models/{model.id}", method="POST", body=body)
        assert status == 200
        visit.pass_time(60)
        _, result = await visit.ask(f"/v1/requests/{bought['request_id']}/result")
        output = result["output"]
        assert isinstance(output, dict)
        _, _, video = await visit.read(str(output["video"]))

    file = tmp_path / "read.mp4"
    await asyncio.to_thread(file.write_bytes, video)
    first, last = await asyncio.to_thread(first_and_last_frame, file)
    assert resembles(first)
    assert resembles(last, (LEFT, RIGHT) * 2)
    assert first.width / first.height == pytest.approx(640 / 330, rel=0.01)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
async def test_a_video_has_the_quality_of_its_model(tmp_path: Path, model: Model) -> None:
    videos = TinyVideos(tmp_path)
    picture = as_data(saved(a_chequer()))
    frame = {model.names[Option.START_FRAME]: picture} if model.starts_from_picture else {}
    async with opened(tmp_path, videos) as visit:
        body: dict[str, JsonValue] = {"prompt": "a kite", **frame}
        _, bought = await visit.ask(f"/v1/models/{model.id}", method="POST", body=body)
        visit.pass_time(60)
        _, result = await visit.ask(f"/v1/requests/{bought['request_id']}/result")
        output = result["output"]
        assert isinstance(output, dict)
        await visit.read(str(output["video"]))

    (clip,) = videos.asked
    assert clip.quality == model.quality
    assert (clip.start_frame is not None) is model.starts_from_picture


async def test_files_of_unknown_requests_are_not_there(visit: Visit) -> None:
    status, _, _ = await visit.read("/files/acct/nobody/video.mp4")

    assert status == 404


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", MODEL),
        ("GET", MODEL),
        ("GET", "/prod/v2/balance"),
        ("GET", "/v1/requests/x/status"),
        ("GET", "/v1/requests/x/result"),
        ("POST", "/v1/requests/x/cancel"),
    ],
)
async def test_every_call_needs_the_key(
    visit: Visit, headers: dict[str, str], method: str, path: str
) -> None:
    status, answer = await visit.ask(path, method=method, body=KITE, headers=headers)

    assert status == 401
    assert answer["error_code"] == 400004


async def test_every_post_is_counted_with_what_became_of_it(visit: Visit) -> None:
    _, first = await visit.buy({"prompt": "a kite", "duration": 3})
    await visit.buy({"prompt": ""})
    await visit.ask(MODEL, method="POST", body=KITE, headers={})
    await visit.ask("/v1/models/other/model", method="POST", body=KITE)

    assert [(post.input, post.key_accepted, post.request_id) for post in visit.server.posts] == [
        ({"prompt": "a kite", "duration": 3}, True, first["request_id"]),
        ({}, True, None),
        ({}, False, None),
        ({}, True, None),
    ]


async def test_bad_input_is_refused_in_detail(visit: Visit) -> None:
    status, answer = await visit.buy({"prompt": "a kite", "duration": 16})

    assert status == 422
    assert answer["detail"]
    assert not visit.server.jobs


async def test_unknown_models_and_requests_have_their_codes(visit: Visit) -> None:
    bought = await visit.ask("/v1/models/other/model", method="POST", body=KITE)
    shown = await visit.ask("/v1/models/other/model")
    asked = await visit.ask("/v1/requests/nobody/status")

    assert (bought[0], bought[1]["error_code"]) == (400, 400001)
    assert (shown[0], shown[1]["error_code"]) == (400, 400001)
    assert (asked[0], asked[1]["error_code"]) == (404, 404001)


async def test_the_catalogue_shows_price_and_schema(visit: Visit) -> None:
    status, model = await visit.ask(MODEL)

    assert status == 200
    assert set(model) >= {"base_price_usd", "price_unit", "pricing_note", "input_schema"}


async def test_the_balance_falls_when_a_job_is_rendered(visit: Visit) -> None:
    await visit.bought()
    cancelled = await visit.bought()
    await visit.ask(f"{cancelled}/cancel", method="POST")
    visit.pass_time(60)

    _, balance = await visit.ask("/prod/v2/balance")

    assert balance == {
        "balance_usd": 999.16,
        "balance_microdollars": 999_160_000,
        "currency": "USD",
    }


async def test_an_empty_account_buys_nothing(visit: Visit) -> None:
    visit.server.grant_usd = Decimal(2)
    await visit.bought()
    await visit.bought()
    visit.pass_time(60)

    status, answer = await visit.buy()

    assert (status, answer["error_code"]) == (400, 400002)
    assert visit.server.balance_usd == Decimal("0.32")
    assert len(visit.server.jobs) == 2


async def test_cancelling_is_answered_with_an_outcome(visit: Visit) -> None:
    path = await visit.bought()

    status, answer = await visit.ask(f"{path}/cancel", method="POST")
    _, again = await visit.ask(f"{path}/cancel", method="POST")

    assert status == 202
    assert (answer["status"], answer["outcome"]) == ("cancelled", "cancelled")
    assert again["outcome"] == "not_cancellable"


async def test_a_word_in_the_prompt_chooses_the_scenario(visit: Visit) -> None:
    _, answer = await visit.buy({"prompt": "a kite that will fail"})

    job = visit.server.jobs[str(answer["request_id"])]
    assert job.scenario.ending is Ending.FAILS


async def test_the_default_can_be_set(visit: Visit) -> None:
    visit.server.default = Scenario(queue_s=99)

    _, answer = await visit.buy()

    assert visit.server.default.queue_s == 99
    assert visit.server.jobs[str(answer["request_id"])].scenario.queue_s == 99


@pytest.mark.parametrize(
    ("how", "status"),
    [
        (api_error(400002, status=402), 402),
        (rate_limited("3"), 429),
        (Answers(200, {"no": "id"}), 200),
        (Answers(418, {}), 418),
    ],
)
@pytest.mark.parametrize("accepted", [False, True])
async def test_a_submission_goes_wrong_as_scripted(
    visit: Visit, how: Answers, status: int, *, accepted: bool
) -> None:
    visit.server.will(Scenario(on_submit=(Fault(how, accepted=accepted),)))

    assert await visit.buy() == (status, how.body)
    assert len(visit.server.jobs) == int(accepted)
    assert (visit.server.posts[0].request_id is not None) is accepted


async def test_a_slow_submission_is_accepted_all_the_same(visit: Visit) -> None:
    visit.server.will(Scenario(on_submit=(Fault(Delays(0.05)),)))

    status, answer = await visit.buy()

    assert status == 200
    assert str(answer["request_id"]) in visit.server.jobs


@pytest.mark.parametrize(
    ("how", "timeout_s"), [(Hangs(), RUNS_OUT_S), (Closes(), PATIENCE_S), (CutsOff(), PATIENCE_S)]
)
async def test_an_answer_may_never_come(visit: Visit, how: How, timeout_s: float) -> None:
    # By a POST: a GET whose connection dies is repeated by this very client, unasked.
    path = await visit.bought(Scenario(on_cancel=(Fault(how, times=1),)))

    with pytest.raises((ClientError, TimeoutError)):
        await visit.ask(f"{path}/cancel", method="POST", timeout_s=timeout_s)
    _, answer = await visit.ask(f"{path}/cancel", method="POST")
    assert answer["outcome"] == "cancelled"


async def test_what_hangs_is_let_go_when_the_server_closes(tmp_path: Path) -> None:
    async def submit() -> int:
        async with session.post(f"{server.url}{MODEL}", json=KITE, headers=KEY) as response:
            return response.status

    async with ClientSession() as session:
        async with RunComfyServer(clock=FakeClock(), videos=TinyVideos(tmp_path)) as server:
            server.will(Scenario(on_submit=(Fault(Hangs()),)))
            submission = asyncio.create_task(submit())
            while not server.posts:  # noqa: ASYNC110 - the stand-in keeps a list, no event
                await asyncio.sleep(0)

        assert await submission == 503


async def test_answers_may_use_other_words(visit: Visit) -> None:
    path = await visit.bought(
        Scenario(on_status=(Fault(Says("canceled")),), on_cancel=(Fault(Says("maybe")),))
    )

    assert (await visit.ask(f"{path}/status"))[1]["status"] == "canceled"
    assert (await visit.ask(f"{path}/cancel", method="POST"))[1]["outcome"] == "maybe"


async def test_a_redirect_is_one(visit: Visit) -> None:
    path = await visit.bought(Scenario(on_file=(Fault(redirect("/elsewhere")),)))

    status, _, _ = await visit.read(f"/files/acct/{path.split('/')[-1]}/video.mp4")

    assert status == 307


async def test_texts_and_bytes_are_sent_as_they_are(visit: Visit) -> None:
    faults = (Fault(unavailable(), times=1), Fault(Answers(200, b"\xff\x00"), times=1))
    path = await visit.bought(Scenario(on_file=faults))
    file = f"/files/acct/{path.split('/')[-1]}/video.mp4"

    assert (await visit.read(file))[2].startswith(b"<html>")
    assert (await visit.read(file))[2] == b"\xff\x00"
    assert (await visit.read(file))[2] == MP4
