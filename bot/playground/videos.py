"""Makes real, playable results for the stand-in: an evening sun that sinks into a moving sea.

A video from a picture begins with that picture, comes slowly nearer to it, and fades over to the
picture that it ends on, if there is one. The ffmpeg that comes as a wheel makes each kind once; a
folder keeps them.
"""

import asyncio
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from math import sqrt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from bot.domain.generation.models import FOUR_K, PRO

FRAMES_PER_S: Final = 24
_SIZES: Final[Mapping[str, tuple[int, int]]] = {
    "16:9": (640, 360),
    "9:16": (360, 640),
    "1:1": (480, 480),
}
_ENLARGED: Final[Mapping[str, float]] = {PRO: 1, FOUR_K: 1.5}
_OF_ANOTHER_QUALITY: Final = 0.75
"""Smaller, as Standard is. All are far smaller than the real ones: they are made in seconds."""
_NEARER: Final = 0.2
"""How much a picture grows until the end."""
_FINE: Final = 3
"""A picture is moved in whole pixels of a copy this many times as large: otherwise it trembles."""
_STILL_S: Final = 0.25
"""How long the picture at the end is seen without the one before."""
_BITS_TO_SPARE: Final = 1.25
"""A margin over the bitrate for a size: the encoder ends a little under its target."""
_MAKING_TIMEOUT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Clip:
    """The properties of a video. `over_bytes` makes it at least that large, by padding."""

    aspect: str
    duration_s: int
    sound: bool
    over_bytes: int | None = None
    quality: str = PRO
    start_frame: bytes | None = field(default=None, repr=False)
    """The picture that it begins with, which decides its shape instead of `aspect`."""
    end_frame: bytes | None = field(default=None, repr=False)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, both even."""
        width, height = _SIZES[self.aspect]
        if self.start_frame is not None:
            with Image.open(BytesIO(self.start_frame)) as opened:
                ratio = opened.width / opened.height
            area = width * height
            width, height = sqrt(area * ratio), sqrt(area / ratio)
        scale = _ENLARGED.get(self.quality, _OF_ANOTHER_QUALITY)
        return round(width * scale / 2) * 2, round(height * scale / 2) * 2

    @property
    def file_name(self) -> str:
        """A file name with all properties of the clip; pictures are named by their content."""
        said = [self.aspect.replace(":", "x"), f"{self.duration_s}s"]
        said.append("sound" if self.sound else "silent")
        said += [self.quality] if self.quality != PRO else []
        said += [f"over-{self.over_bytes}"] if self.over_bytes else []
        frames = {"from": self.start_frame, "to": self.end_frame}
        said += [f"{word}-{sha256(one).hexdigest()[:20]}" for word, one in frames.items() if one]
        return f"{'-'.join(said)}.mp4"


class VideoLibrary:
    """Makes files one at a time, and never the same one twice."""

    def __init__(self, *, folder: Path) -> None:
        self._folder = folder
        # A single thread: of two simultaneous requests for a file, the second finds it made.
        self._maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="videos")

    async def video(self, clip: Clip) -> Path:
        """An H.264 file, with AAC where there is sound, that plays while it loads.

        Raises:
            subprocess.SubprocessError: ffmpeg failed.
        """
        path = self._folder / clip.file_name
        return await self._made(path, lambda out: _film(clip, out))

    async def image(self, aspect: str) -> Path:
        """The first moment of such a video, as a PNG."""
        path = self._folder / f"{aspect.replace(':', 'x')}.png"
        return await self._made(path, lambda out: _render(image_arguments(aspect), out))

    async def _made(self, path: Path, make: Callable[[Path], None]) -> Path:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._maker, _make_once, path, make)
        return path


def _make_once(path: Path, make: Callable[[Path], None]) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Renamed only when complete: a file that has its name may be served.
    unfinished = path.with_name(f"unfinished-{path.name}")
    make(unfinished)
    unfinished.replace(path)


def _render(arguments: list[str], out: Path) -> None:
    command = [get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *arguments, str(out)]
    subprocess.run(  # noqa: S603 - our own arguments, no shell
        command,
        check=True,
        timeout=_MAKING_TIMEOUT_S,
        capture_output=True,
        start_new_session=True,  # Ctrl-C in the terminal is for this process, which ends in order
    )


def _film(clip: Clip, out: Path) -> None:
    with TemporaryDirectory(prefix="kling-pictures-") as folder:
        inputs = list[str]()
        for frame in (clip.start_frame, clip.end_frame):
            if frame is not None:
                file = Path(folder) / str(len(inputs))
                file.write_bytes(frame)
                inputs += ["-i", str(file)]
        _render([*inputs, *video_arguments(clip)], out)


def video_arguments(clip: Clip) -> list[str]:
    """Everything but the inputs and the name of the file."""
    scene = _scene(clip.size, clip.duration_s) if clip.start_frame is None else _moved(clip)
    graph, maps = f"{scene}[v]", ["-map", "[v]"]
    if clip.sound:
        # Brown noise that swells and ebbs sounds like a shore.
        graph += ";anoisesrc=color=brown:amplitude=0.35:seed=7,tremolo=f=0.3:d=0.8[a]"
        maps += ["-map", "[a]", "-c:a", "aac", "-b:a", "96k"]
    return [
        *("-filter_complex", graph, *maps, "-t", str(clip.duration_s), "-r", str(FRAMES_PER_S)),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
        *_bitrate(clip),
        *("-movflags", "+faststart"),
    ]


def image_arguments(aspect: str) -> list[str]:
    """Everything but the name of the file."""
    scene = _scene(_SIZES[aspect], 1)
    return ["-filter_complex", f"{scene}[v]", "-map", "[v]", "-frames:v", "1"]


def _bitrate(clip: Clip) -> list[str]:
    if clip.over_bytes is None:
        return []
    rate = f"{int(clip.over_bytes * 8 * _BITS_TO_SPARE / clip.duration_s)}"
    # A constant rate is padded where the picture does not need it, so the size is certain.
    constant = ("-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate)
    return [*constant, "-x264-params", "nal-hrd=cbr"]


def _moved(clip: Clip) -> str:
    """The filter graph for pictures: the first comes nearer, and turns into the last."""
    (width, height), frames = clip.size, clip.duration_s * FRAMES_PER_S
    # A JPEG has another range of brightness than videos have.
    filled = (
        "scale={0}:{1}:force_original_aspect_ratio=increase:out_range=tv,crop={0}:{1},setsar=1,"
        "format=yuv420p"
    )
    nearer = (
        f"[0]{filled.format(width * _FINE, height * _FINE)},"
        f"zoompan=z='1+{_NEARER}*on/{frames}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2'"
        f":d={frames}:s={width}x{height}:fps={FRAMES_PER_S}"
    )
    if clip.end_frame is None:
        return nearer
    turns_s = clip.duration_s / 3
    return (
        f"{nearer}[nearer];[1]{filled.format(width, height)},loop=-1:1,"
        f"fps={FRAMES_PER_S},trim=duration={clip.duration_s}[last];[nearer][last]"
        f"xfade=duration={turns_s}:offset={clip.duration_s - turns_s - _STILL_S}"
    )


def _scene(size: tuple[int, int], duration_s: int) -> str:
    """The filter graph: a still sky, a still sun that moves down over it, and waves in front."""
    width, height = size
    sun = min(width, height) * 9 // 20 * 2
    sea = height * 21 // 100 * 2
    sky = height - sea
    still = f"r={FRAMES_PER_S}:d=0.04"
    glow = "hypot(X-W/2,Y-H/2)/W*2"
    edge = f"clip((0.26-{glow})*45,0,1)"
    # X and Y run over the source, which is small and scaled up: geq computes every pixel.
    waves = (
        "st(0,Y/H);st(1,sin(X/W*9+sin(Y*0.75-T*3)*1.2+T)+sin(Y*1.7-T*4+X/W*5));"
        "st(2,ld(1)*(0.15+ld(0)*0.5));st(3,exp(-pow((X/W-0.5)*(5-3*ld(0)),2)));"
    )
    return (
        f"nullsrc=s=16x{sky}:{still},format=gbrp,"
        "geq=r='40+205*pow(Y/H,1.4)':g='36+100*pow(Y/H,1.8)':b='98-8*Y/H',"
        f"scale={width}:{sky},format=yuv420p,loop=-1:1,trim=duration={duration_s},"
        f"pad={width}:{height}[sky];"
        f"nullsrc=s={sun}x{sun}:{still},format=rgba,"
        f"geq=r='255':g='lerp(170,244,{edge})':b='lerp(120,226,{edge})':"
        f"a='max(255*{edge},150*pow(max(0,1-{glow}),2))',loop=-1:1[sun];"
        f"nullsrc=s=128x48:r={FRAMES_PER_S},format=gbrp,"
        f"geq=r='{waves}clip(34+180*ld(3)*(0.7+ld(2))+34*ld(2),0,255)':"
        f"g='{waves}clip(44+80*ld(3)*(0.7+ld(2))+36*ld(2),0,255)':"
        f"b='{waves}clip(92+24*ld(3)+46*ld(2),0,255)',"
        f"scale={width}:{sea}:flags=bicubic,format=yuv420p[sea];"
        f"[sky][sun]overlay=x=(W-w)/2:y=H*0.30-h/2+H*0.2*t/{duration_s}:eval=frame[evening];"
        f"[evening][sea]overlay=y={sky}"
    )
