"""`python -m benchmarks.watching_service`: a RunComfy that only ever says "not yet".

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
        # /v1/requests/{id}/status, where the id begins with the state that it is to be in.
        request_id = request.path.split("/")[3]
        polls["status"] += 1
        word = WORDS[request_id.partition("-")[0]]
        body = {"request_id": request_id, "status": word, "queue_position": None}
        return web.Response(body=json.dumps(body).encode(), content_type="application/json")

    server = web.Server(handle, access_log=None)
    listening = await asyncio.get_running_loop().create_server(server, HOST, 0, backlog=1024)
    print(listening.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps({"polls": polls["status"], "cpu_s": time.process_time()}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
