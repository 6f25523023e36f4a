"""The model card of `/v1/models`: what a client must know to use the model well."""

from procoder_model_host.messages import Loaded
from procoder_model_host.served import ServedModel
from procoder_protocol.wire import FimNames, ModelCard


def model_card(served: ServedModel, loaded: Loaded) -> ModelCard:
    """Return the card, with everything that is known of a loaded model."""
    card = served.card(loaded)
    procoder = card["procoder"]
    procoder["chat_template"] = served.chat_template
    procoder["parallel"] = loaded.parallel
    procoder["grammar"] = loaded.grammar
    profile = served.profile
    procoder["stops"] = list(profile.stops)
    procoder["context_length"] = profile.context_length
    procoder["rope_base"] = profile.rope_base
    procoder["quantization"] = profile.quantization
    procoder["fim"] = None
    if (fim := profile.fim) is not None:
        procoder["fim"] = FimNames(
            prefix=fim.prefix, suffix=fim.suffix, middle=fim.middle, end=fim.end
        )
    return card
