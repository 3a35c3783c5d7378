"""Makes real, playable results for the stand-in: an evening sun that sinks into a moving sea.

The ffmpeg that comes as a wheel makes each kind once; a folder keeps them.
"""

import asyncio
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from imageio_ffmpeg import get_ffmpeg_exe

FRAMES_PER_S: Final = 24
_SIZES: Final[Mapping[str, tuple[int, int]]] = {
    "16:9": (640, 360),
    "9:16": (360, 640),
    "1:1": (480, 480),
}
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

    @property
    def file_name(self) -> str:
        """A file name with all properties of the clip."""
        voice = "sound" if self.sound else "silent"
        size = f"-over-{self.over_bytes}" if self.over_bytes else ""
        return f"{self.aspect.replace(':', 'x')}-{self.duration_s}s-{voice}{size}.mp4"


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
        return await self._made(path, lambda out: _render(video_arguments(clip), out))

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


def video_arguments(clip: Clip) -> list[str]:
    """Everything but the name of the file."""
    graph, maps = f"{_scene(clip.aspect, clip.duration_s)}[v]", ["-map", "[v]"]
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
    return ["-filter_complex", f"{_scene(aspect, 1)}[v]", "-map", "[v]", "-frames:v", "1"]


def _bitrate(clip: Clip) -> list[str]:
    if clip.over_bytes is None:
        return []
    rate = f"{int(clip.over_bytes * 8 * _BITS_TO_SPARE / clip.duration_s)}"
    # A constant rate is padded where the picture does not need it, so the size is certain.
    constant = ("-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate)
    return [*constant, "-x264-params", "nal-hrd=cbr"]


def _scene(aspect: str, duration_s: int) -> str:
    """The filter graph: a still sky, a still sun that moves down over it, and waves in front."""
    width, height = _SIZES[aspect]
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
