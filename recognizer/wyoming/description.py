"""How the service describes itself to clients."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from wyoming.event import Event
from wyoming.info import Attribution, Info, WakeModel, WakeProgram

from recognizer.metadata import Metadata

NAME = "digit-listen"


def info_event(metadata: Metadata, languages: Sequence[str]) -> Event:
    """Return the answer to ``describe``: one wake-word service with a model for each keyword.

    Args:
        metadata: of the model that hears.
        languages: of its keywords, as tags such as "en".

    """
    attribution = Attribution(name=f"{NAME}, {metadata.license}", url="")
    program = WakeProgram(
        name=NAME,
        attribution=attribution,
        installed=True,
        description="Hears spoken digits, or any other word list, in live audio",
        version=version(NAME),
        models=[
            WakeModel(
                name=keyword,
                attribution=attribution,
                installed=True,
                description=f'The word "{keyword}", heard by the model {metadata.architecture}',
                version=metadata.version,
                languages=list(languages),
                phrase=keyword,
            )
            for keyword in metadata.keywords
        ],
    )
    return Info(wake=[program]).event()
