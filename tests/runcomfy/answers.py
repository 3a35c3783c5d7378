"""What only tests ask RunComfy's stand-in for, and its answers."""

import json

from bot.playground.runcomfy_input import ModelInput, read_input
from bot.playground.runcomfy_scenario import Answers


def unprocessable(detail: str = "prompt: too long") -> Answers:
    """422 with a text; with a list where the stand-in refuses by itself."""
    return Answers(422, {"detail": detail})


def redirect(location: str) -> Answers:
    """307: a client that follows it sends the same method and body again."""
    return Answers(307, "", {"Location": location})


def file_of(body: bytes, content_type: str = "video/mp4") -> Answers:
    """A file with this content, whatever type it claims."""
    return Answers(200, body, {"Content-Type": content_type})


def usual_input(prompt: str, *, duration: int = 5, sound: bool = True) -> ModelInput:
    """What the model takes that a member gets who chooses nothing.

    Raises:
        ValueError: the service would refuse it.
    """
    said = {"prompt": prompt, "duration": duration, "sound": sound}
    read = read_input(json.dumps(said).encode())
    if isinstance(read, list):
        raise ValueError(read)  # noqa: TRY004 - the values are wrong, not their types
    return read
