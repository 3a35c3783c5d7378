"""The service's known ways to go wrong, by name."""

from collections.abc import Mapping
from typing import Final

from bot.playground.runcomfy_scenario import Answers

ERROR_MESSAGES: Final[Mapping[int, str]] = {
    400001: "Invalid model id",
    400002: "Insufficient balance, please top up",
    400004: "Invalid, expired or revoked API key",
    403001: "This request does not belong to you",
    404001: "Request not found",
}
"""RunComfy's error codes. The words are ours: only the codes are known."""


def api_error(code: int, *, status: int | None = None) -> Answers:
    """One of the service's own errors; its HTTP status is in its code unless told, 200 included."""
    return Answers(
        code // 1000 if status is None else status,
        {"error_code": code, "error_message": ERROR_MESSAGES[code]},
    )


def unprocessable(detail: str = "prompt: too long") -> Answers:
    """422 with a text; with a list where the stand-in refuses by itself."""
    return Answers(422, {"detail": detail})


def rate_limited(retry_after: str | None = None) -> Answers:
    """429, with `Retry-After` in seconds or as a date, or without."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Answers(429, {"message": "Too many requests"}, headers)


def unavailable(status: int = 503) -> Answers:
    """A gateway's error page, which is no JSON."""
    return Answers(
        status, "<html><h1>Service Unavailable</h1></html>", {"Content-Type": "text/html"}
    )


def malformed(status: int = 200) -> Answers:
    """JSON that breaks off in the middle."""
    return Answers(status, '{"request_id": "req', {"Content-Type": "application/json"})


def redirect(location: str) -> Answers:
    """307: whoever follows it sends the same method and body again."""
    return Answers(307, "", {"Location": location})


def file_of(body: bytes, content_type: str = "video/mp4") -> Answers:
    """A file with this content, whatever it is said to be."""
    return Answers(200, body, {"Content-Type": content_type})
