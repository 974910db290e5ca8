"""The settings of a fine-tuning, as one checked record that a run stores beside its results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stancekit.errors import InputError


class Recipe(BaseModel):
    """Everything that decides a fine-tuning, but the seed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    layers: int | None = None
    """Keep this many of the encoder's layers (evenly spaced, first and last among them); None keeps all."""
    frozen_embeddings: bool = False
    """The embeddings are not tuned."""
    frozen_layers: int = 0
    """Embeddings and this many lowest layers are not tuned."""
    epochs: float = 3
    batch_size: int = 16
    learning_rate: float = 8e-5
    head_learning_rate: float = 1e-3
    layer_decay: float = 1.0
    """Each lower layer learns at this fraction of the rate of the one above (1: all alike)."""
    warmup: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    label_smoothing: float = 0.05
    class_weight_power: float = 0.5
    """Class weights are (n / 3 n_class) to this power; 0 weighs all rows alike."""
    confidence_weights: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Weight of a row whose codings were of confidence 1, 2, 3."""
    statement_weight: float = 1.0
    """Weight of a written statement beside a document's sentence; 0 leaves them out."""
    target_weight: float = 0.0
    """Weight of the (text, target) pairs; 0 trains no target head."""
    target_share: float = 1.0
    """Share of the pairs used whose stance is the sentence's own; those that differ are all used."""
    neutral_type_weight: float = 0.0
    """Weight of telling apart the types of neutral sentences; 0 trains no head for it."""
    span_weight: float = 0.0
    """Weight of finding the targets among a sentence's tokens; 0 trains no head for it."""
    context: int = 0
    """Sentences before, given as a second segment."""
    r_drop: float = 0.0
    """Weight of the symmetric KL divergence between two dropout passes (Liang et al. 2021)."""
    contrastive: float = 0.0
    """Weight of the supervised contrastive loss over a batch (Khosla et al. 2020)."""
    distil: float = 0.0
    """Weight of a teacher's soft labels beside the coded ones (Hinton et al. 2015)."""
    distil_temperature: float = 2.0
    average_from: float = 1.0
    """Average the weights of evaluations from this fraction of training on; 1 keeps the last."""
    max_tokens: int = 128
    fraction: float = 1.0
    """Share of the training documents and statements used, for learning curves and screening."""
    train_on: Literal["train", "train+validation"] = "train"
    evaluations_per_epoch: int = 2
    patience: int | None = Field(default=None, ge=1)
    """Stop after this many evaluations without a better validation loss; None runs to the end."""

    @classmethod
    def load(cls, path: Path, overrides: list[str]) -> Recipe:
        """Read a recipe and apply ``name=value`` overrides, values in JSON.

        Raises
        ------
        InputError
            If the file or an override is not understood; names the field.
        """
        try:
            settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(settings, dict):
                raise InputError(f"{path}: expected a JSON object of settings, got {type(settings).__name__}")
            for override in overrides:
                name, _, value = override.partition("=")
                try:
                    settings[name] = json.loads(value)
                except json.JSONDecodeError:
                    settings[name] = value
            return cls.model_validate(settings)
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from error
        except json.JSONDecodeError as error:
            raise InputError(f"{path}: not valid JSON: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(f"{path}: field {'.'.join(map(str, first['loc']))!r}: {first['msg']}") from error
