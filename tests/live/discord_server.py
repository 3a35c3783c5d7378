"""A Discord on loopback: what a slash-command bot meets of the REST API, and the gateway beside it.

It keeps to what Discord documents, and what it does not know is answered 404 and noted.
https://discord.com/developers/docs/reference
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Literal, Self

from aiohttp import web
from pydantic import JsonValue
from yarl import URL

from tests.live import objects
from tests.live.gateway import Gateway
from tests.live.objects import (
    ALICE_ID,
    BOT,
    BOT_ID,
    CHANNEL_ID,
    COMPONENTS_V2,
    EPHEMERAL,
    GUILD_ID,
    Json,
)
from tests.patience import RUNS_OUT_S, until

API: Final = "/api/v10"
NONCE_MAX_CHARS: Final = 25
MAX_BODY_BYTES: Final = 25 * 1024 * 1024


class Refusal(Exception):  # noqa: N818 - Discord's answer, and no fault of the server
    """An error answer in Discord's form."""

    def __init__(
        self, status: int, code: int, message: str, *, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if retry_after_s is not None:
            self.body |= {"retry_after": retry_after_s, "global": False}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in, with its files by name."""

    method: str
    path: str
    body: Any
    files: Mapping[str, bytes]


CALL: Final = web.RequestKey("call", Call)
Mishap = Literal["limited", "unheard", "unanswered"]
"""429, or a connection that breaks off: before the call is acted on, or instead of its answer."""
LIMITED_FOR_S: Final = 0.1


class DiscordServer:
    """Serves while its context is open."""

    def __init__(self, *, token: str) -> None:
        self.surprises: list[str] = []
        """What the bot asked for and Discord does not have, or this server not yet."""
        self.gateway = Gateway(token=token, surprises=self.surprises)
        self.calls: list[Call] = []
        self.commands: dict[str, list[Json]] = {}
        """What is registered, by the path of its registration."""
        self.messages: dict[str, Json] = {}
        self.interactions: dict[str, Json] = {}
        """By token."""
        self.me = dict(BOT)
        self.shards = self.max_concurrency = 1
        """What is recommended, and how many may identify at once."""
        self.session_starts_left = 1_000
        self.bars: Refusal | None = None
        """The answer to everything, where something else stands before Discord."""
        self.gateway_is_told: Refusal | None = None
        self.commands_are_read: Refusal | None = None
        self.commands_are_taken: Refusal | None = None
        """Refusals of who asks where the gateway is, or what is registered, and who registers."""
        self.mishap: Callable[[Call], Mishap | None] | None = None
        """What goes wrong with a call that was let in."""
        self.answering = asyncio.Event()
        """While this is not set, what is asked is heard and never answered."""
        self.answering.set()
        self._token = token
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=RUNS_OUT_S)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.answering.set()
        self.gateway.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        host, port = self._runner.addresses[0][:2]
        return str(URL.build(scheme="http", host=host, port=port))

    async def slash(self, name: str, **options: JsonValue) -> Json:
        """Alice uses a command as soon as it is registered; the interaction."""
        await until(lambda: self._command(name))
        command = self._command(name)
        assert command is not None
        interaction = objects.command_interaction(command, options)
        self.interactions[interaction["token"]] = interaction
        await self.gateway.dispatch("INTERACTION_CREATE", interaction)
        return interaction

    def heard(self, method: str, path: str) -> list[Call]:
        """The calls with this method whose path ends like this pattern, oldest first."""
        ending = re.compile(f"{path}$")
        return [call for call in self.calls if call.method == method and ending.search(call.path)]

    def card(self, interaction: Json) -> Json:
        """The message that answers an interaction, as it is now; empty while there is none."""
        return self.messages.get(interaction.get("answer", ""), {})

    def _command(self, name: str) -> Json | None:
        registered = [command for some in self.commands.values() for command in some]
        return next((command for command in registered if command["name"] == name), None)

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._as_discord], client_max_size=MAX_BODY_BYTES)
        commands = API + "/applications/{application}{guild:(/guilds/[0-9]+)?}/commands"
        webhook = API + "/webhooks/{application}/{token}"
        app.add_routes(
            [
                web.get("/gateway", self.gateway.serve),
                web.get("/resume", self.gateway.serve),
                web.get(API + "/gateway/bot", self._recommended),
                web.get(API + "/users/@me", self._me),
                web.get(API + "/oauth2/applications/@me", self._application),
                web.get(commands, self._registered),
                web.put(commands, self._register),
                web.post(API + "/interactions/{id}/{token}/callback", self._callback),
                web.post(API + "/users/@me/channels", self._direct),
                web.post(API + "/channels/{channel}/messages", self._send),
                web.patch(API + "/channels/{channel}/messages/{message}", self._edit),
                web.post(webhook, self._send),
                web.patch(webhook + "/messages/{message}", self._edit),
            ]
        )
        return app

    @web.middleware
    async def _as_discord(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        if not request.path.startswith(API):
            return await handler(request)
        try:
            self._let_in(request)
            request[CALL] = await _read(request)
            self.calls.append(request[CALL])
            await self.answering.wait()
            return await self._answered(request, handler)
        except Refusal as refusal:
            # Without this header the library takes the answer for that of something before Discord.
            return _as_json(refusal.body, status=refusal.status, headers={"Via": "1.1 google"})

    async def _answered(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        match self.mishap and self.mishap(request[CALL]):
            case None:
                return await handler(request)
            case "limited":
                said = "You are being rate limited."
                raise Refusal(429, 0, said, retry_after_s=LIMITED_FOR_S)
            case "unheard":
                return _broken_off(request)
            case "unanswered":
                await handler(request)
                return _broken_off(request)

    def _let_in(self, request: web.Request) -> None:
        """Take what there is, by the bot's token or an interaction's that stands in the path."""
        if self.bars is not None:
            raise self.bars
        if request.match_info.http_exception is not None:
            self.surprises.append(f"{request.method} {request.path} is not served here")
            raise Refusal(404, 0, "404: Not Found")
        if (token := request.match_info.get("token")) is not None:
            if token not in self.interactions:
                raise Refusal(404, 10015, "Unknown Webhook")
        elif request.headers.get("Authorization") != f"Bot {self._token}":
            raise Refusal(401, 0, "401: Unauthorized")

    async def _me(self, request: web.Request) -> web.Response:
        del request
        return _as_json(self.me)

    async def _recommended(self, request: web.Request) -> web.Response:
        if self.gateway_is_told is not None:
            raise self.gateway_is_told
        limit = {"total": 1000, "remaining": self.session_starts_left, "reset_after": 36_000_000}
        start = {**limit, "max_concurrency": self.max_concurrency}
        url = str(request.url.origin().with_scheme("ws") / "gateway")
        return _as_json({"url": url, "shards": self.shards, "session_start_limit": start})

    async def _application(self, request: web.Request) -> web.Response:
        del request
        return _as_json(objects.APPLICATION)

    async def _registered(self, request: web.Request) -> web.Response:
        if request.match_info["guild"] not in ("", f"/guilds/{GUILD_ID}"):
            raise Refusal(403, 50001, "Missing Access")
        if self.commands_are_read is not None:
            raise self.commands_are_read
        return _as_json(self.commands.get(request.path, []))

    async def _register(self, request: web.Request) -> web.Response:
        await self._registered(request)
        if self.commands_are_taken is not None:
            raise self.commands_are_taken
        given = {"application_id": BOT_ID, "version": objects.snowflake()}
        self.commands[request.path] = [
            {**_kept(command, of_server=bool(request.match_info["guild"])), **given, "id": str(nth)}
            for nth, command in enumerate(request[CALL].body, start=1)
        ]
        return _as_json(self.commands[request.path])

    async def _callback(self, request: web.Request) -> web.Response:
        interaction, call = self.interactions[request.match_info["token"]], request[CALL]
        if "answer" in interaction:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if call.body["type"] != 4:
            self.surprises.append(f"an interaction was answered with type {call.body['type']}")
        message = self._keep(objects.message(call.body["data"], CHANNEL_ID), call)
        interaction["answer"] = message["id"]
        answer = {"id": interaction["id"], "type": 2, "response_message_id": message["id"]}
        return _as_json({"interaction": answer, "resource": {"type": 4, "message": message}})

    async def _direct(self, request: web.Request) -> web.Response:
        """Open the direct messages with a person; its id is the person's own here."""
        del request
        return _as_json({"id": ALICE_ID, "type": 1, "recipients": [objects.ALICE]})

    async def _send(self, request: web.Request) -> web.Response:
        call = request[CALL]
        if len(str(call.body.get("nonce", ""))) > NONCE_MAX_CHARS:
            raise Refusal(400, 50035, "Invalid Form Body")
        channel_id = request.match_info.get("channel", CHANNEL_ID)
        return _as_json(self._keep(objects.message(call.body, channel_id), call))

    async def _edit(self, request: web.Request) -> web.Response:
        message = self.messages.get(request.match_info["message"])
        by_bot_token = "token" not in request.match_info
        if message is None or (by_bot_token and message["flags"] & EPHEMERAL):
            raise Refusal(404, 10008, "Unknown Message")
        return _as_json(self._keep(message, request[CALL]))

    def _keep(self, message: Json, call: Call) -> Json:
        """Make the message what the call says, with those files that it lists."""
        said = call.body.get("data", call.body)
        changes = {name: said[name] for name in ("content", "components") if name in said}
        if "attachments" in said:
            names = [item["filename"] for item in said["attachments"]]
            if sorted(names) != sorted(call.files):
                raise Refusal(400, 50035, "Invalid Form Body")
            changes["attachments"] = [objects.attachment(*file) for file in call.files.items()]
        kept = {**message, **changes}
        attached = {f"attachment://{file['filename']}" for file in kept["attachments"]}
        shown = set(re.findall(r'attachment://[^"]+', json.dumps(said.get("components", []))))
        if not shown <= attached or (kept["flags"] & COMPONENTS_V2 and kept["content"]):
            raise Refusal(400, 50035, "Invalid Form Body")
        self.messages[kept["id"]] = kept
        return kept


def _as_json(
    body: Json | list[Json], status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    # discord.py compares the content type as a whole, and Discord adds no charset to it.
    content = json.dumps(body).encode()
    return web.Response(
        body=content, status=status, headers=headers, content_type="application/json"
    )


def _broken_off(request: web.Request) -> web.Response:
    """End the connection without a word, as a network does; the response reaches no caller."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _kept(command: Json, *, of_server: bool) -> Json:
    """What Discord keeps of a command, and says of it by itself."""
    allowed = command.get("default_member_permissions")
    kept = {
        "description": "",
        "nsfw": False,
        "name_localizations": None,
        **_said(command),
        # A text, however it was given.
        "default_member_permissions": None if allowed is None else str(allowed),
    }
    if of_server:
        return {
            name: value
            for name, value in kept.items()
            if name not in ("contexts", "integration_types", "dm_permission")
        }
    return kept


def _said(command: Json) -> Json:
    """What Discord says again of a command or an option: without what is the default anyway."""
    said = {name: value for name, value in command.items() if value is not False}
    return {**said, "options": [_said(option) for option in command.get("options", [])]}


async def _read(request: web.Request) -> Call:
    """The body as JSON, whether it came alone or beside files."""
    body, files = None, dict[str, bytes]()
    if request.content_type == "multipart/form-data":
        for field in (form := await request.post()).values():
            if isinstance(field, web.FileField):
                files[field.filename] = field.file.read()
        body = json.loads(str(form["payload_json"]))
    elif request.can_read_body:
        body = await request.json()
    return Call(request.method, request.path, body, files)
