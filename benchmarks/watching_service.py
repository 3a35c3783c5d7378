"""`python -m benchmarks.watching_service`: a RunComfy that only ever says "not yet".

It refuses every purchase, with all that was sent to it in its answer.

It says its address first, and for every line on its standard input what it has done so far.
"""

import asyncio
import json
import sys
import time
from collections import Counter

from aiohttp import web

HOST = "127.0.0.1"
WORDS = {"queued": "in_queue", "rendering": "in_progress"}


async def main() -> None:
    """Serve until the standard input ends."""
    polls = Counter[str]()

    async def handle(request: web.BaseRequest) -> web.Response:
        if request.method == "POST":
            refusal = b'{"detail": [{"type": "value_error", "loc": ["body"], "input": %b}]}'
            body = refusal % await request.content.read()
            return web.Response(status=422, body=body, content_type="application/json")
        # /v1/requests/{id}/status, where the id begins with the state that it is to be in.
        request_id = request.path.split("/")[3]
        polls["status"] += 1
        word = WORDS[request_id.partition("-")[0]]
        said = {"request_id": request_id, "status": word, "queue_position": None}
        return web.Response(body=json.dumps(said).encode(), content_type="application/json")

    server = web.Server(handle, access_log=None)
    listening = await asyncio.get_running_loop().create_server(server, HOST, 0, backlog=1024)
    print(listening.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps({"polls": polls["status"], "cpu_s": time.process_time()}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
