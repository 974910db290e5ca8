"""A small fixtures folder: every split has documents and statements of every label."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stancetrain.fixtures import SPLITS, read_fixtures, split_of

WIDTH, LAYERS = 32, 3
"""Of the toy encoder."""

Record = dict[str, Any]
Write = Callable[[Path, list[Record]], Path]

SUBJECTS = ["We", "They", "The minister", "My delegation", "The council", "The envoy", "Both capitals", "The assembly"]
VERBS = {
    "concern": ["deplore", "condemn", "denounce", "regret", "reject", "oppose"],
    "endorsement": ["welcome", "support", "praise", "commend", "endorse", "applaud"],
    "neutrality": ["discuss", "note", "list", "receive", "describe", "record"],
}
OBJECTS = ["the treaty", "the blockade of the port", "the talks", "the new accord", "the plan for the border"]
ENDINGS = ["today", "in the capital", "after a long session", "before the vote", "at the river", "this week"]


def make_record(**changes: Any) -> Record:
    """A valid row of a document."""
    record: Record = {
        "id": "d-001",
        "doc": "d",
        "n": 1,
        "text": "We welcome the accord.",
        "label": "endorsement",
        "neutral_type": None,
        "actor": None,
        "actor_type": None,
        "targets": [{"text": "the accord", "start": 11, "end": 21, "label": "endorsement"}],
        "genre": "news",
        "speaker": None,
        "country_focus": "Peru",
        "year": 1986,
        "topic": None,
        "phenomenon": None,
        "rule": None,
        "pair": None,
        "writer": "news",
        "codings": [
            {
                "coder": "first",
                "codebook": 1,
                "label": "endorsement",
                "confidence": 3,
                "neutral_type": None,
                "rule": None,
            }
        ],
        "settled_by": "agreement",
    }
    record.update(changes)
    if "codings" not in changes and record["label"] is not None:
        record["codings"] = [{**record["codings"][0], "label": record["label"]}]
    return record


def sentences() -> Iterator[tuple[str, str]]:
    """Different sentences with their labels, the labels in turn."""
    for number in itertools.count():
        label = list(VERBS)[number % 3]
        step = number // 3
        words = (
            SUBJECTS[step % len(SUBJECTS)],
            VERBS[label][step % 6],
            OBJECTS[(step + number) % 5],
            ENDINGS[(step // 5 + number) % 6],
        )
        yield f"{' '.join(words)}, item {number}.", label


def target_in(text: str, label: str) -> Record:
    """The object of one of these sentences as a target."""
    name = next(name for name in OBJECTS if name in text)
    return {"text": name, "start": text.index(name), "end": text.index(name) + len(name), "label": label}


def names_in(split: str, prefix: str, count: int) -> list[str]:
    """Names of groups that fall into the split."""
    return list(itertools.islice((n for i in itertools.count() if split_of(n := f"{prefix}{i}") == split), count))


def write_records(path: Path, records: list[Record]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")
    return path


def make_fixtures(root: Path) -> Path:
    words = sentences()
    documents, statements = [], []
    for split in SPLITS:
        for doc in names_in(split, "doc-", 5 if split == "train" else 2):
            for n in range(1, 7):
                text, label = next(words)
                neutral_type = None if label != "neutrality" else "none" if n == 3 else "withheld"
                changes = {
                    "text": text,
                    "label": label,
                    "neutral_type": neutral_type,
                    "targets": [target_in(text, label)],
                }
                documents.append(make_record(id=f"{doc}-{n:03}", doc=doc, n=n, **changes))
        for name in names_in(split, "st-", 6):
            text, label = next(words)
            statements.append(
                make_record(id=name, doc=None, n=None, text=text, label=label, targets=[], settled_by="writer")
            )
    unsettled = {**documents[1], "id": f"{documents[0]['doc']}-007", "n": 7, "text": "It was said to be so again."}
    documents.append({**unsettled, "label": None, "settled_by": None, "targets": []})
    write_records(root / "documents" / "all.jsonl", documents)
    write_records(root / "statements" / "all.jsonl", statements)
    outsiders = [
        {
            "id": f"recipe-{n:03}",
            "suite": "out_of_domain",
            "kind": "recipe",
            "language": "en",
            "text": f"Stir in {n} eggs.",
        }
        for n in range(1, 13)
    ]
    write_records(root / "suites" / "out_of_domain.jsonl", outsiders)
    (root / "set_phrases.txt").write_text("# Set phrases\n", encoding="utf-8")
    files = {f"{kind}/all.jsonl": {"origin": "made by a test"} for kind in ("documents", "statements")}
    files["suites/out_of_domain.jsonl"] = {"origin": "made by a test"}
    (root / "provenance.json").write_text(json.dumps({"licence": "CC0-1.0", "files": files}), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def fixtures_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fixtures folder that tests must not change."""
    return make_fixtures(tmp_path_factory.mktemp("fixtures"))


@pytest.fixture
def own_fixtures(tmp_path: Path) -> Path:
    """A fixtures folder of the test's own."""
    return make_fixtures(tmp_path / "fixtures")


@pytest.fixture
def record() -> Callable[..., Record]:
    return make_record


@pytest.fixture
def write() -> Write:
    return write_records


@pytest.fixture
def group_in() -> Callable[[str], str]:
    """A document's name that falls into a split."""
    return lambda split: names_in(split, "group-", 1)[0]


@pytest.fixture(scope="module")
def quiet_torch() -> Iterator[None]:
    """One thread; no progress bars."""
    import torch
    import transformers

    threads, verbosity = torch.get_num_threads(), transformers.logging.get_verbosity()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    yield
    transformers.logging.enable_progress_bar()
    transformers.logging.set_verbosity(verbosity)
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def toy_encoder(fixtures_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of width 32 with random weights, and a WordPiece vocabulary of the fixtures' words."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    words = sorted({word for f in read_fixtures(fixtures_folder) for word in f.row.text.lower().split()})
    letters = [f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz0123456789"] + list(
        "abcdefghijklmnopqrstuvwxyz0123456789.,"
    )
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys([*letters, *words])]
    tokenizer = Tokenizer(models.WordPiece({w: i for i, w in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    folder = tmp_path_factory.mktemp("encoder")
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder
