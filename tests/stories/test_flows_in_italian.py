"""Every flow once more, for somebody whose Discord speaks Italian."""

from typing import Any

import pytest
import simcord

from bot.domain.job import State
from bot.playground.runcomfy_scenario import Scenario
from tests.stories.harness import Card, Story, private_words
from tests.stories.pictures import made_from, posted
from tests.stories.test_after import controls, pressed
from tests.stories.test_building_storyboards import Builder, bought, open_builder
from tests.stories.test_kling_me import chosen, selects, settings
from tests.stories.test_pictures import KITE, SEA

NBSP = "\N{NO-BREAK SPACE}"
QUEUED = Scenario(queue_s=300)


@pytest.fixture(autouse=True)
def in_italian(story: Story) -> None:
    """Alice's Discord and her server speak Italian."""
    story.world.locale = "it"
    story.world.guild_locale = "it"


def title(window: simcord.InteractionResult) -> str:
    assert window.modal is not None
    return str(window.modal["title"])


def answered(result: simcord.InteractionResult) -> Card:
    """The card that came up in private."""
    answers = [answer for answer in (result.response, *result.followups) if answer is not None]
    assert answers[-1].ephemeral
    return Card(answers[-1])


async def suggested(story: Story, command: str, option: str, typed: str, **given: Any) -> list[str]:  # noqa: ANN401 - options of the command
    choices = await story.alice.autocomplete(story.channel, command, option, typed, **given)
    return [choice["name"] for choice in choices]


# --- storyboards ----------------------------------------------------------------------------------


async def test_a_storyboard_is_built_and_generated(story: Story) -> None:
    builder = await open_builder(story)
    assert builder.card.heading == "🎞️ Storyboard"
    assert "Da fare: scrivi il prompt generale." in builder.card.text
    assert not builder.is_enabled("Crea")
    window = await builder.press("Prompt generale")
    assert list(controls(window)) == ["Che cosa vale per tutto il video"]
    await builder.fill(window, text="un aquilone rosso")
    for prompt, seconds in (("sale", "5"), ("scende", "4")):
        window = await builder.press("Aggiungi inquadratura")
        assert list(controls(window)) == ["Che cosa succede", "Quanto dura"]
        await builder.fill(window, text=prompt, length=[seconds])
    assert "9 s su 15 al massimo" in builder.card.text
    assert "2 inquadrature · 16:9 · Pro (1080p) · con audio" in builder.card.text
    await builder.press("Crea")
    (body,) = bought(story)
    assert [shot["prompt"] for shot in body["multi_prompt"]] == ["sale", "scende"]
    card = Card(story.messages()[0])
    assert "9 s · 2 inquadrature · 16:9" in card.text


async def test_mistakes_in_the_text_are_pointed_out_by_their_lines(story: Story) -> None:
    builder: Builder = await open_builder(story)
    await builder.write("5s: sale\nscende", label="Come testo")
    assert "Riga 2: comincia con la durata e i due punti" in builder.card.text
    assert "Correggi il testo" in builder.card.buttons


async def test_discarding_asks_first(story: Story) -> None:
    builder = await open_builder(story)
    await builder.write("5s: sale\n4s: scende", label="Come testo")
    await builder.press("Scarta")
    assert builder.card.heading == "Scartare questo storyboard con le sue 2 inquadrature?"
    assert builder.card.buttons == ["Sì, scartalo", "Tienilo"]
    await builder.press("Tienilo")
    assert len(builder.shots) == 2
    await builder.press("Scarta")
    await builder.press("Sì, scartalo")
    assert builder.card.text == "Scartato. `/storyboard` ne inizia uno nuovo."


async def test_a_question_which_picture_can_be_answered_with_none(story: Story) -> None:
    message = await posted(story, KITE, SEA, text="due immagini")
    shown = await made_from(story, message)
    question = answered(shown)
    assert question.heading == "Con quale immagine deve iniziare il video?"
    assert question.buttons == ["Nessuna di queste"]
    await pressed(story, "Nessuna di queste", question)
    assert answered(shown).text == "Va bene, non è cambiato nulla."
    assert story.server.posts == []


# --- after the result -----------------------------------------------------------------------------


async def test_after_the_result_everything_is_offered(story: Story) -> None:
    asked = await story.kling("un aquilone")
    await story.until(State.DELIVERED)
    card = story.card(asked)
    assert card.buttons == [
        *("Mandamelo", "Di nuovo · 0,84\N{NO-BREAK SPACE}USD", "Modifica…", "Continua…"),
        *("Dettagli", "Elimina"),
    ]

    window = await pressed(story, "Modifica…", card)
    assert title(window) == "Modifica e crea un nuovo video"
    assert "Che cosa mostra il video" in controls(window)

    details = answered(await pressed(story, "Dettagli", card))
    assert f"Stima: 0,84{NBSP}USD" in details.text
    assert "🎬 In lavorazione: " in details.text

    question = answered(await pressed(story, "Elimina", card))
    assert question.text.startswith("Elimino questo video, e la mia copia se ne ho una?")
    assert question.buttons == ["Sì, eliminalo", "Tienilo"]

    told = private_words(await pressed(story, "Elimina", card, by=story.bob))
    assert told == "Può farlo solo chi ha richiesto questo video o un moderatore."


async def test_a_message_becomes_a_prompt(story: Story) -> None:
    message = await story.bob.send(story.channel, "un gatto sulla luna")
    window = await story.alice.context_menu(story.channel, "Make a Kling video", message)
    await story.settle()
    assert title(window) == "Crea un video"
    assert controls(window)["Che cosa mostra il video"]["value"] == "un gatto sulla luna"


# --- my videos ------------------------------------------------------------------------------------


async def test_my_videos_are_listed(story: Story) -> None:
    result = await story.alice.slash(story.channel, "generations list")
    assert "Non hai ancora video." in answered(result).text
    story.server.will(QUEUED)
    await story.kling("un aquilone")
    result = await story.alice.slash(story.channel, "generations list")
    listed = answered(result)
    assert listed.heading == "I tuoi video"
    assert "**🕓 In coda** · 5 s" in listed.text
    assert listed.buttons == ["Annulla", "Di nuovo · 0,84\N{NO-BREAK SPACE}USD", "Dettagli"]


async def test_former_prompts_are_suggested_with_their_age(story: Story) -> None:
    await story.kling("un aquilone")
    await story.until(State.DELIVERED)
    await story.advance(3 * 60)
    (found,) = await suggested(story, "generations show", "id", "aqui")
    assert found.startswith("un aquilone · ")
    assert found.endswith(" fa")


# --- styles ---------------------------------------------------------------------------------------


async def test_styles_are_suggested_and_shown_by_their_italian_names(story: Story) -> None:
    story.server.will(QUEUED)
    names = await suggested(story, "kling", "style", "cine", prompt="un aquilone")
    assert names == ["cinematografico"]
    asked = await story.kling(style="cinematografico")
    assert "stile cinematografico" in story.card(asked).text
    (post,) = story.server.posts
    assert post.input["prompt"] != "a red kite over the sea"


async def test_an_unknown_style_is_refused(story: Story) -> None:
    told = private_words(await story.kling(style="cubismo"))
    assert told.startswith("Non c'è uno stile chiamato **cubismo**.")
    assert story.server.posts == []


# --- one's own settings ---------------------------------------------------------------------------


async def test_the_settings_are_shown(story: Story) -> None:
    shown = await settings(story)
    assert shown.response is not None
    assert Card(shown.response).heading == "Le tue impostazioni"
    labels = [option["label"] for option in selects(shown)["kling:me:notify"]["options"]]
    assert labels == [
        "Come fa il server, di solito con una menzione",
        "Menzionami nel canale",
        "Mandami un messaggio diretto",
        "Non avvisarmi",
    ]


async def test_who_chose_italian_is_answered_in_italian_wherever_they_are(story: Story) -> None:
    await chosen(story, "language", "it")
    story.world.locale = story.world.guild_locale = "en-US"
    story.server.will(QUEUED)
    asked = await story.kling()
    assert story.card(asked).heading == "🕓 In the queue"
    assert await story.press("Cancel", asked) == "Annullato. Non costa nulla."


async def test_a_dear_video_is_asked_about_first(story: Story) -> None:
    await chosen(story, "ask_above_microusd", "500000")
    story.server.will(QUEUED)
    asked = await story.kling()
    question = answered(asked)
    assert question.heading == f"Costerà circa 0,84{NBSP}USD. Lo creo?"
    assert question.buttons == ["Crea", "Annulla"]
    assert story.server.posts == []
    await pressed(story, "Crea", question)
    assert len(story.server.posts) == 1


async def test_the_direct_message_is_in_italian(story: Story) -> None:
    await chosen(story, "notify", "direct")
    await story.kling()
    await story.until(State.DELIVERED)
    (direct,) = story.messages(story.alice.user.dm_channel)
    assert direct.content.startswith("Il tuo video è pronto: https://discord.com/channels/")
