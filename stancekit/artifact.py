"""Model folders: a manifest, arrays and text. No pickle, so a stranger's model runs no code."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.calibration import ConformalScores
from stancekit.cascade import CascadeModel
from stancekit.details import DetailHeads
from stancekit.domain import PROFILE, DomainCheck
from stancekit.errors import ModelError, OutputError
from stancekit.labels import NEUTRAL_TYPES, SPAN_TAGS
from stancekit.scoring import FeatureBlock, LinearHead, Model, StanceModel

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"
HEAD = "head.npz"
TARGET_HEAD = "target-head.npz"
NEUTRAL_TYPE_HEAD = "neutral-type-head.npz"
SPAN_HEAD = "span-head.npz"
CONFORMAL = "conformal.npz"
DOMAIN = "domain.npz"
ENCODER = "encoder.onnx"
TOKENIZER = "tokenizer.json"
MODEL_ENTRY_POINTS = "stancekit.models"
"""Group of entry points by which another distribution brings models: each names a folder's path."""
COMPANIONS = {"encoder-large": "stancekit-large"}
"""Models that another distribution brings, and which."""
MODELS = Path(__file__).parent / "models"
DEFAULT_MODEL = "encoder"

OPTIONAL = ("conformal", "domain")
"""Entries of the manifest that a model may be without."""

Saver = Callable[[Any, Path], dict[str, Any]]
Loader = Callable[[Mapping[str, Any], Mapping[str, Path]], FeatureBlock]

_REMEDY = "install or copy the model again, or install the stancekit that made it"


def shipped_models() -> list[str]:
    """Names of the models that are installed: those of this package and of its companions."""
    return sorted(_shipped_folders())


def _shipped_folders() -> dict[str, Path]:
    folders = {path.parent.name: path.parent for path in MODELS.glob(f"*/{MANIFEST}")}
    for name, folder in _companion_folders():
        folders.setdefault(name, folder)
    return folders


def _companion_folders() -> Iterator[tuple[str, Path]]:
    from importlib.metadata import entry_points

    for entry in entry_points(group=MODEL_ENTRY_POINTS):
        yield entry.name, Path(entry.load())


def model_folder(name: str | Path) -> Path:
    """The folder of a shipped model's name, or of a path.

    Raises
    ------
    ModelError
        If there is neither; lists the shipped models.
    """
    if (MODELS / str(name) / MANIFEST).is_file() and Path(name).name == str(name):
        return MODELS / str(name)
    folder = Path(name)
    if (folder / MANIFEST).is_file():
        return folder
    shipped = _shipped_folders()
    if str(name) in shipped:
        return shipped[str(name)]
    if str(name) in COMPANIONS:
        raise ModelError(f"model {str(name)!r} comes in a distribution of its own: pip install {COMPANIONS[str(name)]}")
    known = ", ".join(sorted(shipped)) or "none"
    problem = f"has no {MANIFEST}" if folder.is_dir() else "is neither a shipped model nor a folder"
    raise ModelError(f"model {str(name)!r} {problem}; shipped models: {known}")


def load_model(name: str | Path = DEFAULT_MODEL) -> Model:
    """Load a shipped model by name, or a model folder by path.

    Every file is compared with the hash that the manifest records for it.

    Raises
    ------
    ModelError
        If a file is missing or altered, or the folder's schema is not one that this version reads.
    """
    folder = model_folder(name)
    raw = (folder / MANIFEST).read_bytes()
    manifest = _read_manifest(raw, folder)
    for file, expected in manifest["files"].items():
        _check_file(folder, file, expected)
    # only files whose hashes were checked can be opened, whatever the rest of the manifest names
    paths = {file: folder / file for file in manifest["files"]}
    sha256 = hashlib.sha256(raw).hexdigest()
    if "cascade" in manifest:
        return _load_cascade(manifest, folder, paths, sha256)
    with _readable(folder):
        blocks = tuple(_loader(entry["kind"])(entry, paths) for entry in manifest["features"])
        head = _load_head(manifest["heads"]["statement"], paths)
        target_head = _load_head(manifest["heads"]["target"], paths) if "target" in manifest["heads"] else None
        detail_heads = _load_detail_heads(manifest["heads"], paths)
    n_features = sum(block.n_features for block in blocks)
    width = sum(block.n_features for block in blocks if block.kind == "encoder")
    over_encoder = [target_head, *((detail_heads.neutral_type, detail_heads.span) if detail_heads else ())]
    if not _fits(head, n_features) or not all(each is None or _fits(each, width) for each in over_encoder):
        raise ModelError(f"{folder}: the head does not fit the features and classes; {_REMEDY}")
    with _readable(folder):
        conformal = _load_conformal(manifest, paths, len(head.classes))
        domain = _load_domain(manifest, paths, n_features)
    return StanceModel(
        manifest["name"],
        manifest["version"],
        blocks,
        head,
        sha256,
        manifest,
        target_head,
        conformal,
        domain,
        detail_heads,
    )


def save_model(model: Model, folder: str | os.PathLike[str], *, overwrite: bool = False) -> Model:
    """Write a model folder, whole or not at all, and return the model as it would be loaded.

    Parameters
    ----------
    model : StanceModel or CascadeModel
        Its ``manifest`` may hold further records (training data, metrics, licence); they are kept.
    folder : path
        Created; if it exists, ``overwrite`` must say so.

    Raises
    ------
    OutputError
        If the folder exists and ``overwrite`` is False, or it holds something else than a model.
    """
    check_model_folder(folder, overwrite=overwrite)
    target = Path(folder).resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        manifest = {
            **{key: value for key, value in model.manifest.items() if key not in (*OPTIONAL, "files")},
            "schema_version": SCHEMA_VERSION,
            "name": model.name,
            "version": model.version,
            "classes": list(model.classes),
            **_write_contents(model, staging),
            "files": {path.name: sha256_of(path) for path in sorted(staging.iterdir()) if path.is_file()},
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (staging / MANIFEST).write_text(text, encoding="utf-8")
        staging.chmod(0o755)
        _move(staging, target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return load_model(target)


def check_model_folder(folder: str | os.PathLike[str], *, overwrite: bool) -> None:
    """Refuse a folder that ``save_model`` could not write, before the work is done.

    Raises
    ------
    OutputError
        As ``save_model``.
    """
    target = Path(folder)
    if target.exists() and not overwrite:
        raise OutputError(f"{folder} exists; give another folder, or overwrite it on purpose")
    if target.exists() and not _is_replaceable(target):
        raise OutputError(f"{folder} is not a model folder and would be lost; give another folder, or remove it first")


def _write_contents(model: Model, folder: Path) -> dict[str, Any]:
    """Write the model's files; what the manifest says of them."""
    conformal = _save_conformal(model.conformal, folder)
    if isinstance(model, CascadeModel):
        tiers = {"first": model.first, "second": model.second}
        written = {tier: _write_tier(each, folder / tier) for tier, each in tiers.items()}
        return {"cascade": {**written, "threshold": model.threshold}, **conformal}
    if not isinstance(model, StanceModel):
        raise ModelError(f"a {type(model).__name__} cannot be saved")
    features = [{"kind": block.kind, **_saver(block.kind)(block, folder)} for block in model.blocks]
    heads = {"statement": _save_head(model.head, folder, HEAD)}
    if model.target_head is not None:
        heads["target"] = _save_head(model.target_head, folder, TARGET_HEAD)
    if model.detail_heads is not None:
        heads["neutral_type"] = _save_head(model.detail_heads.neutral_type, folder, NEUTRAL_TYPE_HEAD)
        heads["span"] = {
            **_save_head(model.detail_heads.span, folder, SPAN_HEAD),
            "threshold": model.detail_heads.threshold,
        }
    return {"features": features, "heads": heads, **conformal, **_save_domain(model.domain, folder)}


def _write_tier(model: StanceModel, folder: Path) -> dict[str, Any]:
    """A model that is installed is named; any other goes into the cascade's folder, which can then be moved."""
    installed = _shipped_folders().get(model.name)
    if installed is not None and sha256_of(installed / MANIFEST) == model.sha256:
        return {"name": model.name, "sha256": model.sha256}
    return {"name": model.name, "folder": folder.name, "sha256": save_model(model, folder).sha256}


def _is_replaceable(target: Path) -> bool:
    """Whether the folder holds a model, whole or damaged, or nothing."""
    if not target.is_dir():
        return False
    try:
        return "schema_version" in json.loads((target / MANIFEST).read_bytes())
    except FileNotFoundError:
        return not any(target.iterdir())
    except (ValueError, TypeError):
        return False


def _move(staging: Path, target: Path) -> None:
    """Put the new folder in the place of the old one, which stays whole until the new one is there."""
    if not target.exists():
        staging.rename(target)
        return
    old = staging.with_name(f"{staging.name}-old")
    target.rename(old)
    try:
        staging.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _read_manifest(raw: bytes, folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(raw)
        schema = manifest["schema_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / MANIFEST}: not a model manifest ({error}); {_REMEDY}") from error
    if schema != SCHEMA_VERSION:
        raise ModelError(
            f"{folder / MANIFEST}: schema version {schema}, this stancekit reads {SCHEMA_VERSION}; "
            "install the stancekit that made the model, or train it again"
        )
    wanted = {"cascade"} if "cascade" in manifest else {"features", "heads"}
    missing = ({"name", "version", "files"} | wanted) - manifest.keys()
    if missing:
        raise ModelError(f"{folder / MANIFEST}: lacks {', '.join(sorted(missing))}; {_REMEDY}")
    if not isinstance(manifest["files"], dict):
        raise ModelError(f"{folder / MANIFEST}: 'files' is not a table of names and hashes; {_REMEDY}")
    return dict(manifest)


def _load_cascade(manifest: Mapping[str, Any], folder: Path, paths: Mapping[str, Path], sha256: str) -> CascadeModel:
    entry = manifest["cascade"]
    checked: list[StanceModel] = []
    for tier in ("first", "second"):
        model = load_model(folder / tier if "folder" in entry[tier] else entry[tier]["name"])
        if not isinstance(model, StanceModel) or model.sha256 != entry[tier]["sha256"]:
            raise ModelError(f"{folder}: the cascade was made for another {entry[tier]['name']!r} model; {_REMEDY}")
        checked.append(model)
    first, second = checked
    threshold = float(entry["threshold"])
    with _readable(folder):
        conformal = _load_conformal(manifest, paths, len(second.classes))
    return CascadeModel(manifest["name"], manifest["version"], first, second, threshold, sha256, manifest, conformal)


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # what a stranger's files may raise is not a short list
        problem = str(error) if isinstance(error, ModelError) else f"{type(error).__name__}: {error}"
        raise ModelError(f"{folder}: the model cannot be read ({problem}); {_REMEDY}") from error


def _check_file(folder: Path, file: str, expected: str) -> None:
    if Path(file).name != file:
        raise ModelError(f"{folder / MANIFEST}: the file name {file!r} leaves the model's folder; {_REMEDY}")
    path = folder / file
    if not path.is_file():
        raise ModelError(f"{path}: missing; the model is incomplete, install or copy it again")
    if sha256_of(path) != expected:
        raise ModelError(f"{path}: altered since the model was saved (its SHA-256 differs); install or copy it again")


def _save_head(head: LinearHead, folder: Path, file: str) -> dict[str, Any]:
    np.savez_compressed(folder / file, coef=head.coef.astype(np.float32), intercept=head.intercept, prior=head.prior)
    return {"classes": list(head.classes), "arrays": file, "temperature": head.temperature}


def _load_head(entry: Mapping[str, Any], paths: Mapping[str, Path]) -> LinearHead:
    with _arrays(paths[entry["arrays"]]) as arrays:
        return LinearHead(
            tuple(entry["classes"]),
            arrays["coef"].astype(np.float64),
            _floats(arrays["intercept"]),
            _floats(arrays["prior"]),
            float(entry["temperature"]),
        )


def _load_detail_heads(heads: Mapping[str, Any], paths: Mapping[str, Path]) -> DetailHeads | None:
    if "span" not in heads:
        return None
    span, neutral_type = _load_head(heads["span"], paths), _load_head(heads["neutral_type"], paths)
    if span.classes != SPAN_TAGS or neutral_type.classes != NEUTRAL_TYPES:
        raise ModelError(f"heads for {span.classes} and {neutral_type.classes}")
    return DetailHeads(neutral_type, span, float(heads["span"]["threshold"]))


def _save_conformal(conformal: ConformalScores | None, folder: Path) -> dict[str, Any]:
    if conformal is None:
        return {}
    np.savez_compressed(folder / CONFORMAL, scores=conformal.scores, codes=conformal.codes)
    return {"conformal": {"arrays": CONFORMAL, "method": "split, by class", "rows": len(conformal.scores)}}


def _load_conformal(manifest: Mapping[str, Any], paths: Mapping[str, Path], n_classes: int) -> ConformalScores | None:
    if "conformal" not in manifest:
        return None
    with _arrays(paths[manifest["conformal"]["arrays"]]) as arrays:
        scores, codes = _floats(arrays["scores"]), np.asarray(arrays["codes"], dtype=np.intp)
    if scores.ndim != 1 or scores.shape != codes.shape or not ((codes >= 0) & (codes < n_classes)).all():
        raise ModelError(f"conformal scores of shape {scores.shape} with classes of shape {codes.shape}")
    return ConformalScores(scores, codes)


def _save_domain(domain: DomainCheck | None, folder: Path) -> dict[str, Any]:
    if domain is None:
        return {}
    np.savez_compressed(folder / DOMAIN, weights=domain.weights.astype(np.float32), bias=domain.bias, out=domain.out)
    return {"domain": {"arrays": DOMAIN, "threshold": domain.threshold}}


def _load_domain(manifest: Mapping[str, Any], paths: Mapping[str, Path], n_features: int) -> DomainCheck | None:
    if "domain" not in manifest:
        return None
    entry = manifest["domain"]
    with _arrays(paths[entry["arrays"]]) as arrays:
        weights, bias, out = (_floats(arrays[name]) for name in ("weights", "bias", "out"))
    if weights.shape != (n_features + len(PROFILE), *bias.shape) or bias.shape != out.shape:
        raise ModelError(f"a domain check of shape {weights.shape} for {n_features} features")
    return DomainCheck(weights, bias, out, float(entry["threshold"]))


@contextmanager
def _arrays(path: Path) -> Iterator[Mapping[str, NDArray[Any]]]:
    # opened here, as np.load leaves a file open that is no archive
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        yield arrays


def _fits(head: LinearHead, n_features: int) -> bool:
    n_classes = len(head.classes)
    shapes = (head.coef.shape, head.intercept.shape, head.prior.shape)
    return shapes == ((n_features, n_classes), (n_classes,), (n_classes,)) and head.temperature > 0


def _floats(array: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(array, dtype=np.float64)


def _save_ngrams(block: Any, folder: Path) -> dict[str, Any]:
    entries = []
    for vocabulary in block.vocabularies:
        terms, idf = f"ngrams-{vocabulary.analyser}.json", f"ngrams-{vocabulary.analyser}.npz"
        # as json.loads reads them: text cut inside a character may hold half of a surrogate pair
        (folder / terms).write_bytes(json.dumps(vocabulary.terms, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        np.savez_compressed(folder / idf, idf=vocabulary.idf)
        entries.append({"analyser": vocabulary.analyser, "sizes": list(vocabulary.sizes), "terms": terms, "idf": idf})
    return {"vocabularies": entries}


def _load_ngrams(entry: Mapping[str, Any], paths: Mapping[str, Path]) -> FeatureBlock:
    from stancekit.features._ngram_index import ANALYSERS, NgramIndex, Vocabulary

    vocabularies = []
    for item in entry["vocabularies"]:
        terms = json.loads(paths[item["terms"]].read_bytes())
        with _arrays(paths[item["idf"]]) as arrays:
            idf = _floats(arrays["idf"])
        if item["analyser"] not in ANALYSERS:
            raise ModelError(f"unknown analyser {item['analyser']!r}; known: {', '.join(sorted(ANALYSERS))}")
        if idf.shape != (len(terms),):
            raise ModelError(f"{len(terms)} n-grams with weights of shape {idf.shape}")
        vocabularies.append(Vocabulary(item["analyser"], tuple(item["sizes"]), tuple(terms), idf))
    return NgramIndex(tuple(vocabularies))


def _save_cues(block: Any, folder: Path) -> dict[str, Any]:
    return {"names": list(block.names)}


def _load_cues(entry: Mapping[str, Any], paths: Mapping[str, Path]) -> FeatureBlock:
    from stancekit.features._cue_block import CueBlock

    return CueBlock.named(_texts(entry["names"]))


def _save_encoder(block: Any, folder: Path) -> dict[str, Any]:
    session = block.session
    shutil.copyfile(session.graph, folder / ENCODER)
    shutil.copyfile(session.tokenizer, folder / TOKENIZER)
    return {"graph": ENCODER, "tokenizer": TOKENIZER, "max_tokens": session.max_tokens, "width": block.width}


def _load_encoder(entry: Mapping[str, Any], paths: Mapping[str, Path]) -> FeatureBlock:
    from stancekit.features._encoder_block import EncoderBlock
    from stancekit.features._encoder_session import EncoderSession

    session = EncoderSession(paths[entry["graph"]], paths[entry["tokenizer"]], int(entry["max_tokens"]))
    return EncoderBlock(session, int(entry["width"]))


def _texts(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(name) for name in names)


_BLOCKS: dict[str, tuple[Saver, Loader]] = {
    "ngrams": (_save_ngrams, _load_ngrams),
    "cues": (_save_cues, _load_cues),
    "encoder": (_save_encoder, _load_encoder),
}


def _saver(kind: str) -> Saver:
    return _BLOCKS[kind][0]


def _loader(kind: str) -> Loader:
    if kind not in _BLOCKS:
        raise ModelError(f"unknown features {kind!r}; known: {', '.join(sorted(_BLOCKS))}")
    return _BLOCKS[kind][1]
