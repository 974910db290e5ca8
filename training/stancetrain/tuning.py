"""The network that is fine-tuned, its loss, and one run of it on Hugging Face's Trainer."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import Dataset
from transformers import AutoModel, AutoTokenizer, Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_pt_utils import LengthGroupedSampler

from stancekit.labels import LABELS, NEUTRAL_TYPES, SPAN_TAGS
from stancetrain.examples import Example
from stancetrain.recipe import Recipe

TASKS = ("statement", "target")
SIDE_HEADS = {"neutral_type": NEUTRAL_TYPES, "span": SPAN_TAGS}
"""Heads beside those of the tasks, and what each tells apart: over a statement's vector, over each token's state."""
UNCODED = -100
"""The label of what no loss is taken of."""
HEADS = "heads.npz"
"""The linear heads: beside a tuned encoder's folder, and in the folder of a restored one."""


class Outputs(NamedTuple):
    """What the network makes of a batch of n rows: logits of each head, and vectors of shape (n, width)."""

    logits: Tensor
    neutral_types: Tensor
    spans: Tensor
    vectors: Tensor


class StanceNetwork(nn.Module):
    """An encoder, mean pooling over its last layer, and linear heads: one a task, and the side heads.

    Mean pooling follows Reimers and Gurevych (2019).
    """

    def __init__(self, encoder: nn.Module, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        width = encoder.config.hidden_size
        sizes = {**dict.fromkeys(TASKS, len(LABELS)), **{name: len(tags) for name, tags in SIDE_HEADS.items()}}
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in sizes.items()})

    @classmethod
    def from_folder(cls, encoder: str, recipe: Recipe) -> StanceNetwork:
        """The backbone as the recipe wants it, under new heads, or those that were restored with it."""
        backbone = AutoModel.from_pretrained(encoder, add_pooling_layer=False)
        stack = backbone.encoder
        if recipe.frozen_embeddings or recipe.frozen_layers:
            backbone.embeddings.requires_grad_(False)
        if recipe.layers is not None and recipe.layers < len(stack.layer):
            picks = np.linspace(0, len(stack.layer) - 1, recipe.layers).round().astype(int)
            stack.layer = nn.ModuleList(stack.layer[i] for i in picks)
            backbone.config.num_hidden_layers = recipe.layers
        for part in stack.layer[: recipe.frozen_layers]:
            part.requires_grad_(False)
        network = cls(backbone, recipe.dropout)
        heads = Path(encoder) / HEADS
        if heads.is_file():
            network.load_heads(heads)
        return network

    def load_heads(self, path: Path) -> None:
        """Take the heads that a file written by :func:`save_network` or by restore.py holds."""
        with np.load(path) as arrays:
            for task, head in self.heads.items():
                if f"{task}_coef" not in arrays:
                    continue
                head.weight.data = torch.from_numpy(arrays[f"{task}_coef"])
                head.bias.data = torch.from_numpy(arrays[f"{task}_intercept"])

    def forward(self, inputs: Mapping[str, Tensor], task: Tensor) -> Outputs:
        """Logits of shape (n, 3) from each row's own head, and of the side heads."""
        states = self.encoder(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
        vectors = ((states * mask).sum(1) / mask.sum(1)).float()
        dropped = self.dropout(vectors)
        both = torch.stack([self.heads[name](dropped) for name in TASKS], dim=1)
        return Outputs(
            both[torch.arange(len(task)), task],
            self.heads["neutral_type"](dropped),
            self.heads["span"](self.dropout(states)).float(),
            vectors,
        )


def has_bfloat16() -> bool:
    """Whether this processor multiplies in bfloat16; elsewhere it is emulated, a hundred times slower."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


class _Examples(Dataset[dict[str, Any]]):
    def __init__(self, examples: Sequence[Example], tokenizer: Any, max_tokens: int) -> None:
        self.examples = examples
        first = [e.text for e in examples]
        second = [e.second or "" for e in examples]
        options = {
            "truncation": True,
            "max_length": max_tokens,
            "return_token_type_ids": True,
            "return_offsets_mapping": True,
        }
        paired, single = tokenizer(first, second, **options), tokenizer(first, **options)
        self.inputs = [
            {key: (paired if e.second else single)[key][i] for key in ("input_ids", "token_type_ids")}
            for i, e in enumerate(examples)
        ]
        self.tags = [
            None if e.spans is None or e.second else span_tags(single["offset_mapping"][i], e.spans)
            for i, e in enumerate(examples)
        ]

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {**self.inputs[index], "tags": self.tags[index], "example": self.examples[index]}


def span_tags(offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> list[int]:
    """The place in ``SPAN_TAGS`` of each token with these offsets; ``UNCODED`` for tokens that stand for no text."""
    tags = []
    for start, end in offsets:
        if start == end:
            tags.append(UNCODED)
            continue
        inside = any(span[0] < end and start < span[1] for span in spans)
        first = any(start <= span[0] < end for span in spans)
        tags.append(SPAN_TAGS.index("first" if first else "inside" if inside else "outside"))
    return tags


def _collator(tokenizer: Any, uses_types: bool) -> Callable[[list[dict[str, Any]]], dict[str, Any]]:
    def collate(rows: list[dict[str, Any]]) -> dict[str, Any]:
        examples = [row["example"] for row in rows]
        longest = max(len(row["input_ids"]) for row in rows)
        ids = torch.full((len(rows), longest), tokenizer.pad_token_id)
        types = torch.zeros_like(ids)
        mask = torch.zeros_like(ids)
        for i, row in enumerate(rows):
            n = len(row["input_ids"])
            ids[i, :n] = torch.tensor(row["input_ids"])
            types[i, :n] = torch.tensor(row["token_type_ids"])
            mask[i, :n] = 1
        inputs = {"input_ids": ids, "attention_mask": mask}
        if uses_types:
            inputs["token_type_ids"] = types
        tags = torch.full_like(ids, UNCODED)
        for i, row in enumerate(rows):
            if row["tags"] is not None:
                tags[i, : len(row["tags"])] = torch.tensor(row["tags"])
        uniform = (math.nan,) * len(LABELS)
        return {
            "inputs": inputs,
            "task": torch.tensor([TASKS.index(e.task) for e in examples]),
            "labels": torch.tensor([e.label for e in examples]),
            "weights": torch.tensor([e.weight for e in examples]),
            "soft": torch.tensor([e.soft or uniform for e in examples]),
            "neutral_types": torch.tensor([UNCODED if e.neutral_type is None else e.neutral_type for e in examples]),
            "spans": tags,
        }

    return collate


def _coded_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy over what was coded; 0 where nothing was."""
    losses = F.cross_entropy(logits, labels, ignore_index=UNCODED, reduction="sum")
    return losses / (labels != UNCODED).sum().clamp_min(1)


def _symmetric_kl(a: Tensor, b: Tensor) -> Tensor:
    p, q = a.log_softmax(-1), b.log_softmax(-1)
    return 0.5 * ((p.exp() - q.exp()) * (p - q)).sum(-1)


def _supervised_contrastive(vectors: Tensor, labels: Tensor, temperature: float = 0.1) -> Tensor:
    unit = F.normalize(vectors, dim=-1)
    similarity = unit @ unit.T / temperature
    others = ~torch.eye(len(labels), dtype=torch.bool)
    same = (labels[:, None] == labels[None, :]) & others
    log_share = similarity - similarity.masked_fill(~others, -torch.inf).logsumexp(1, keepdim=True)
    positives = same.sum(1)
    return -((log_share * same).sum(1) / positives.clamp(min=1))[positives > 0].mean()


class _ByLength(LengthGroupedSampler):
    """Batches of like length, shuffled by seed and epoch alone, so that a resumed run sees the same ones."""

    def __init__(self, batch_size: int, lengths: list[int], seed: int) -> None:
        super().__init__(batch_size, lengths=lengths)
        self.seed, self.epoch = seed, 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __iter__(self) -> Iterator[int]:
        self.generator = torch.Generator().manual_seed(self.seed + self.epoch)
        return iter(super().__iter__())


class StanceTrainer(Trainer):
    """Trainer with the recipe's loss, length-sorted batches and a learning rate a layer."""

    def __init__(self, *args: Any, recipe: Recipe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipe = recipe

    def _get_train_sampler(self, train_dataset: Any = None) -> _ByLength:
        rows = self.train_dataset.inputs
        return _ByLength(self.args.train_batch_size, [len(row["input_ids"]) for row in rows], self.args.seed)

    def compute_loss(
        self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        recipe, labels, weights = self.recipe, inputs["labels"], inputs["weights"]
        outputs: Outputs = model(inputs["inputs"], inputs["task"])
        logits = outputs.logits
        smoothing = recipe.label_smoothing if model.training else 0.0
        losses = F.cross_entropy(logits, labels, label_smoothing=smoothing, reduction="none")
        if model.training and recipe.distil:
            taught = ~inputs["soft"].isnan().any(-1)
            t = recipe.distil_temperature
            # what no teacher answered must be a number, as its gradient is computed all the same
            soft = (inputs["soft"].nan_to_num(1.0).clamp_min(1e-6).log() / t).softmax(-1)
            divergence = -(soft * (logits / t).log_softmax(-1)).sum(-1) * t * t
            mixed = (1 - recipe.distil) * losses + recipe.distil * divergence
            losses = torch.where(taught, mixed, losses)
        if model.training and recipe.r_drop:
            again = model(inputs["inputs"], inputs["task"]).logits
            second = F.cross_entropy(again, labels, label_smoothing=smoothing, reduction="none")
            losses = 0.5 * (losses + second) + recipe.r_drop * _symmetric_kl(logits, again)
        loss = (losses * weights).sum() / weights.sum() if not model.training else (losses * weights).mean()
        if model.training and recipe.contrastive:
            loss = loss + recipe.contrastive * _supervised_contrastive(outputs.vectors, labels)
        if model.training and recipe.neutral_type_weight:
            loss = loss + recipe.neutral_type_weight * _coded_loss(outputs.neutral_types, inputs["neutral_types"])
        if model.training and recipe.span_weight:
            loss = loss + recipe.span_weight * _coded_loss(outputs.spans.flatten(0, 1), inputs["spans"].flatten())
        return (loss, {"logits": logits}) if return_outputs else loss

    def prediction_step(self, model: Any, inputs: Any, prediction_loss_only: bool, ignore_keys: Any = None) -> Any:
        with torch.no_grad(), self.compute_loss_context_manager():
            loss, outputs = self.compute_loss(model, inputs, return_outputs=True)
        return loss.detach(), outputs["logits"].float(), inputs["labels"]

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        recipe, groups = self.recipe, []
        layers = self.model.encoder.encoder.layer
        for name, parameter in self.model.named_parameters():
            if not parameter.requires_grad:
                continue
            if name.startswith("heads."):
                rate = recipe.head_learning_rate
            else:
                parts = name.split(".layer.")
                depth = (
                    int(parts[1].split(".")[0]) + 1 if len(parts) > 1 else (len(layers) if "relative" in name else 0)
                )
                rate = recipe.learning_rate * recipe.layer_decay ** (len(layers) - depth)
            decay = 0.0 if parameter.ndim < 2 else recipe.weight_decay
            groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
        self.optimizer = torch.optim.AdamW(groups, fused=True)
        return self.optimizer


class _Average(TrainerCallback):
    """Keep the running mean of the weights from a given step on (Izmailov et al. 2018)."""

    def __init__(self, start: float) -> None:
        self.start, self.count, self.mean = start, 0, None

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        every = max(1, state.max_steps // 40)
        if state.global_step < self.start * state.max_steps or state.global_step % every:
            return
        weights = {k: v.detach().clone() for k, v in model.state_dict().items()}
        self.count += 1
        if self.mean is None:
            self.mean = weights
        else:
            for key, value in weights.items():
                if value.is_floating_point():
                    self.mean[key] += (value - self.mean[key]) / self.count


def _metrics(prediction: Any) -> dict[str, float]:
    from sklearn.metrics import f1_score

    labels, choice = prediction.label_ids, prediction.predictions.argmax(-1)
    return {"macro_f1": float(f1_score(labels, choice, average="macro"))}


def tune(
    encoder: str,
    recipe: Recipe,
    train: Sequence[Example],
    validation: Sequence[Example],
    out: Path,
    *,
    seed: int,
    resume: bool,
) -> tuple[StanceNetwork, Any, list[dict[str, Any]]]:
    """Fine-tune and return the network, its tokenizer and the curve of losses.

    A checkpoint is written at every evaluation to ``out/checkpoints``; with ``resume`` training goes on from the last.
    """
    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    network = StanceNetwork.from_folder(encoder, recipe)
    uses_types = getattr(network.encoder.config, "type_vocab_size", 0) > 1
    steps = math.ceil(len(train) / recipe.batch_size)
    every = max(1, steps // recipe.evaluations_per_epoch)
    arguments = TrainingArguments(
        output_dir=str(out / "checkpoints"),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch_size,
        per_device_eval_batch_size=64,
        learning_rate=recipe.learning_rate,
        warmup_steps=int(recipe.warmup * steps * recipe.epochs),
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        logging_steps=every,
        load_best_model_at_end=recipe.patience is not None,
        metric_for_best_model="eval_loss",
        remove_unused_columns=False,
        report_to=[],
        use_cpu=True,
        bf16=has_bfloat16(),
        seed=seed,
        dataloader_num_workers=0,
    )
    callbacks: list[TrainerCallback] = []
    if recipe.patience is not None:
        from transformers import EarlyStoppingCallback

        callbacks.append(EarlyStoppingCallback(recipe.patience))
    average = _Average(recipe.average_from)
    if recipe.average_from < 1:
        callbacks.append(average)
    trainer = StanceTrainer(
        model=network,
        args=arguments,
        data_collator=_collator(tokenizer, uses_types),
        train_dataset=_Examples(train, tokenizer, recipe.max_tokens),
        eval_dataset=_Examples(validation, tokenizer, recipe.max_tokens),
        compute_metrics=_metrics,
        callbacks=callbacks,
        recipe=recipe,
    )
    trainer.train(resume_from_checkpoint=resume and any((out / "checkpoints").glob("checkpoint-*")))
    # without the trainer's mixed precision: what follows is in float32
    network = trainer.accelerator.unwrap_model(network, keep_fp32_wrapper=False)
    if average.mean is not None:
        network.load_state_dict(average.mean)
    return network, tokenizer, trainer.state.log_history


@torch.no_grad()
def predict_logits(
    network: StanceNetwork, tokenizer: Any, examples: Sequence[Example], max_tokens: int, *, quick: bool = False
) -> np.ndarray:
    """Logits of shape (n, 3) in the order of the examples; if ``quick``, in bfloat16 where that is quicker."""
    if not examples:
        return np.zeros((0, len(LABELS)), np.float32)
    network.eval()
    data = _Examples(examples, tokenizer, max_tokens)
    uses_types = getattr(network.encoder.config, "type_vocab_size", 0) > 1
    collate = _collator(tokenizer, uses_types)
    order = np.argsort([len(row["input_ids"]) for row in data.inputs], kind="stable")
    logits = np.zeros((len(examples), len(LABELS)), np.float32)
    for chosen in np.array_split(order, max(1, len(order) // 32)):
        batch = collate([data[int(i)] for i in chosen])
        with torch.autocast("cpu", torch.bfloat16, enabled=quick and has_bfloat16()):
            logits[chosen] = network(batch["inputs"], batch["task"]).logits.float().numpy()
    return logits


def save_network(network: StanceNetwork, tokenizer: Any, out: Path) -> None:
    """Write ``out/encoder`` (a Hugging Face folder) and ``out/heads.npz``."""
    network.encoder.save_pretrained(out / "encoder")
    tokenizer.save_pretrained(out / "encoder")
    arrays = {}
    for task, head in network.heads.items():
        arrays[f"{task}_coef"] = head.weight.detach().numpy()
        arrays[f"{task}_intercept"] = head.bias.detach().numpy()
    np.savez(out / HEADS, **arrays)


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
