"""A small MP4 with a large picture: H.264, 12,000 by 12,000 pixels, black, a fifth of a second."""

import base64
import zlib

_PACKED = (
    "eNrtwfsz2wcAAPDeetvKdJlHRV/0XCbOmdSpx5bUdzfL2l6LeaSRIcqC2UoWMXmo5M5W0WSqlRmj5Tx2vRMSaqQn"
    "r7u6yty3EZF6JPKyiHdJQkQi2L+xH/b5ULVvp5UcGPbiCWvr3SLN9S/vX4Xle/0Z5UegjIhizr78/Gbjxwl1NdCT"
    "NdpMLIYIzZjBZGBiRFx1aLAdunSpHYW2mj6B3r8gpvru9fhCd0OX/SDBqIcCeuX8pPtn3Q5th4bZljslDEe1PzpN"
    "vJra1sXjhdMjzhk6Uxq5FTmxInM4mx+pRTVEUZRY3DSrBYogdjyVWFfiAbfCmIiiHuvPM38FPOvy4xfxmoV64niJ"
    "ftlG3W6aQs17JQmlO/p4GY0czzjsX8iPAtWXSaKyFPCeSs5VrVrauCpCHX6veoi5MasXUSgp7EgBSBjOEFLKTh9s"
    "RR70+kT/pIY6ehca1IT2HnWabpmzljBpp+GesdQqxj6Hi0lvr3RNcXj3Ws/c0F1UJv0QEK8vOQVR4tqS5cjuj/yC"
    "SRgdOKQZmBsomA3jIV0VYugzcITfiMv67OFBHALs+sBXYKiKvXkwdb2h1/raDqsS4S3qif1x6gVEI78jVp+v+gXd"
    "EJfwfZGjQGUZ62Joat/NbYnccF/G1U5u2rKwgSVH1DsBAq0jtQfdtDsWzcZ0CAv9al7ui1FlXDXuG2zy88Sv/042"
    "hr2KuOv7zgKhDvfXjSZItl7BQYJSr/4xz5VbqXBBzpVizGBrSqU5SoGl0VGbw3hgqUchsjxaq2gNjiXFQh4EpdPe"
    "3KIkZfo/P7MFg8XsNnavhY+G5JYZlEbXxNEcns1HOZFoV99vgMcadOJ//0WmmLfX0gKu7rhTZeUA3Z0NHJvEO+NF"
    "xVKNy4ZemWZg5uD5A30pv+N2H5SvbS/aLmnZ7zWAs/Du9k1Z4KHRnvnIWVoepAVWIXMy2ppsc88E3GawjXoXSDtt"
    "obc7cql5IMg3ZtlMNm0/C3Mb1umL1XCNid4OssrJEG3pcooKq6LJ6QRX0VJ2Z14IjNf3mtXST+ktGD5Vz4PP0NWK"
    "b/HKyRV+Yal0PuHNkLz0bIdQ+OEoA1+7JxBJwbgCxh9PeszHj9lW1eIQ5AuzKfSfdWGSxwAizU9t3/k1v/IYCEQK"
    "eYJcXLz4qVeaUGjYN50vZtbjX/gbmN5VpYBnprk2W3MuuBuRQ3NvZKv27M5mRiXQt1/ArVB0x/g41sVEpb9H4Dyi"
    "DVLmBFwmafatQ8Katya3mZMkgePT8PGREEmeN5lIfEJDjuoSfbaVQNqYtEQyKP+xaoI0C2k+OIzIk7HsFgXHp9kY"
    "lpxRFmb5inRkLD+EVucKEBE4BB6OIlSQHquYJ++8z3D+C3HyFII="
)


def huge_picture() -> bytes:
    """The file: 400 kB, for which a decoder without bounds takes 1.4 GB of memory."""
    return zlib.decompress(zlib.decompress(base64.b64decode(_PACKED)))
