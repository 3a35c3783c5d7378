"""The stand-in's catalogue and balance, in the words that RunComfy's own clients read."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aiohttp import web

from bot.playground.runcomfy_faults import api_error
from bot.playground.runcomfy_input import input_schema
from bot.playground.runcomfy_jobs import SILENT_USD_PER_S, SOUND_USD_PER_S
from bot.playground.runcomfy_replies import as_json, other_answer

MODEL_ID: Final = "kling/kling-3.0/pro/text-to-video"
_MICRO: Final = 1_000_000


@dataclass(slots=True)
class Catalogue:
    """One model and its price; a script may change what it says, which changes no bill."""

    model_id: str = MODEL_ID
    silent_usd_per_s: Decimal = SILENT_USD_PER_S
    sound_usd_per_s: Decimal = SOUND_USD_PER_S
    price_unit: str = "second"

    def answer(self, model_id: str) -> web.Response:
        """What it has on a model."""
        if model_id != self.model_id:
            return other_answer(api_error(400001))
        return as_json(
            {
                "model_id": self.model_id,
                "base_price_usd": float(self.silent_usd_per_s),
                "price_unit": self.price_unit,
                "pricing_note": f"${self.sound_usd_per_s} per second with sound",
                "input_schema": input_schema(),
            }
        )


def balance_answer(left_usd: Decimal) -> web.Response:
    """What is left on the account."""
    return as_json(
        {
            "balance_usd": float(left_usd),
            "balance_microdollars": int(left_usd * _MICRO),
            "currency": "USD",
        }
    )
