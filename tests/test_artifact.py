"""Model folders: what is saved is what is loaded, and a damaged folder is told with what to do."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stancekit
from stancekit import artifact
from stancekit.artifact import load_model, model_folder, save_model, sha256_of, shipped_models
from stancekit.cascade import CascadeModel
from stancekit.classifier import StanceClassifier
from stancekit.errors import ModelError, OutputError

PROBES = ["We welcome the accord.", "We deplore it.", "The council met.", "", "\u00c9t\u00e9 \u2014 \u201cquoted\u201d"]
REMEDY = "install"
"""Every error about a damaged model says what to install or copy."""


@pytest.fixture
def folder(small_folder: Path, tmp_path: Path) -> Path:
    """A model folder of the test's own, to be damaged."""
    return Path(shutil.copytree(small_folder, tmp_path / "model"))


def edit(folder: Path, change: Callable[[dict[str, Any]], object], *, rehash: bool = True) -> None:
    """Change the manifest, with the hashes brought up to date as a forger would."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    if rehash:
        manifest["files"] = {n: sha256_of(folder / n) for n in manifest["files"] if (folder / n).is_file()}
    path.write_text(json.dumps(manifest), encoding="utf-8")


def refused(folder: Path, *parts: str) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    message = str(caught.value)
    assert message.startswith(str(folder))
    assert REMEDY in message
    for part in parts:
        assert part in message
    return message


# -- round trip --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("load", [str, Path])
def test_a_saved_model_answers_exactly_as_the_fitted_one(
    small: StanceClassifier, small_folder: Path, load: Callable[[Path], str | Path]
):
    loaded = load_model(load(small_folder))
    assert (loaded.decision_function(PROBES) == small.model_.decision_function(PROBES)).all()
    assert (loaded.predict_proba(PROBES) == small.model_.predict_proba(PROBES)).all()
    assert loaded.classify(PROBES, 0.5) == small.model_.classify(PROBES, 0.5)
    assert loaded.classes == small.model_.classes


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(), max_size=40), max_size=5))
def test_on_any_text(small: StanceClassifier, small_folder: Path, texts: list[str]):
    assert (load_model(small_folder).predict_proba(texts) == small.predict_proba(texts)).all()


def test_the_saver_returns_what_the_loader_gives(small: StanceClassifier, tmp_path: Path):
    rough = replace(small.model_, head=replace(small.model_.head, coef=small.model_.head.coef * np.pi))
    saved = save_model(rough, tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    assert saved.sha256 == loaded.sha256 == sha256_of(tmp_path / "model" / "manifest.json")
    assert (saved.predict_proba(PROBES) == loaded.predict_proba(PROBES)).all()


def test_saved_twice_the_bytes_are_equal(small_folder: Path, tmp_path: Path):
    save_model(load_model(small_folder), tmp_path / "again")
    names = sorted(os.listdir(small_folder))
    assert sorted(os.listdir(tmp_path / "again")) == names
    assert [sha256_of(tmp_path / "again" / n) for n in names] == [sha256_of(small_folder / n) for n in names]


def test_the_manifest(small_folder: Path):
    manifest = json.loads((small_folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["schema_version"] == artifact.SCHEMA_VERSION == 1
    assert manifest["classes"] == ["concern", "endorsement", "neutrality"]
    assert [entry["kind"] for entry in manifest["features"]] == ["ngrams", "cues"]
    assert set(manifest["files"]) == set(os.listdir(small_folder)) - {"manifest.json"}
    assert manifest["files"] == {name: sha256_of(small_folder / name) for name in manifest["files"]}
    assert load_model(small_folder).manifest == manifest


def test_further_records_are_kept(small: StanceClassifier, tmp_path: Path):
    record = {"licence": "CC0-1.0", "metrics": {"macro_f1": 0.5}}
    model = replace(small.model_, name="mine", version="3", manifest=record)
    saved = save_model(model, tmp_path / "model")
    assert (saved.name, saved.version) == ("mine", "3")
    assert {key: saved.manifest[key] for key in record} == record


@pytest.mark.parametrize("labels", [[0, 1], [2.0, 7.0], [False, True], ["\u00e9t\u00e9", "\u4e2d"]])
def test_labels_of_other_types(labelled: tuple[list[str], list[str]], tmp_path: Path, labels: list[Any]):
    texts = labelled[0]
    classifier = StanceClassifier(base="ngram", calibrate=False).fit(texts, labels * (len(texts) // 2))
    classifier.save(tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    assert loaded.classes == classifier.model_.classes == tuple(sorted(labels))
    assert [type(label) for label in loaded.classes] == [type(label) for label in labels]


def test_words_cut_inside_a_character(tmp_path: Path):
    classifier = StanceClassifier(base="ngram", calibrate=False).fit(
        ["\ud83d half", "\ud83d half", "whole", "whole"], list("aabb")
    )
    classifier.save(tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    assert any("\ud83d" in name for name in loaded.blocks[0].feature_names)
    assert (loaded.predict_proba(["\ud83d half"]) == classifier.predict_proba(["\ud83d half"])).all()


def test_no_file_holds_a_pickle(small_folder: Path):
    for path in small_folder.glob("*.npz"):
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "fi" for name in arrays.files)
    assert {path.suffix for path in small_folder.iterdir()} == {".json", ".npz"}


# -- finding a model ---------------------------------------------------------------------------------------------


def test_shipped_models():
    assert "ngram" in shipped_models()
    assert all(model_folder(name) == artifact.MODELS / name for name in ("cascade", "encoder", "ngram"))
    assert load_model().name == artifact.DEFAULT_MODEL


@pytest.mark.parametrize("name", ["huge", "no/such/folder"])
def test_no_such_model(name: str):
    with pytest.raises(
        ModelError, match=f"model '{name}' is neither a shipped model nor a folder; shipped models: .*ngram"
    ):
        load_model(name)


def test_a_folder_without_a_manifest(tmp_path: Path):
    with pytest.raises(ModelError, match=rf"{re.escape(str(tmp_path))}' has no manifest.json; shipped models: .*ngram"):
        load_model(tmp_path)


def test_an_installation_without_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(artifact, "MODELS", tmp_path)
    monkeypatch.setattr(artifact, "_companion_folders", lambda: iter(()))
    with pytest.raises(ModelError, match="shipped models: none"):
        load_model("ngram")


# -- damage ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["head.npz", "ngrams-word.json", "ngrams-char.npz"])
def test_an_altered_byte(folder: Path, name: str):
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(raw)
    refused(folder, str(folder / name), "altered since the model was saved", "copy it again")


@pytest.mark.parametrize("name", ["head.npz", "ngrams-word.json"])
def test_a_missing_file(folder: Path, name: str):
    (folder / name).unlink()
    refused(folder, f"{folder / name}: missing", "copy it again")


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_schema(folder: Path, version: object):
    edit(folder, lambda m: m.update(schema_version=version))
    refused(folder, f"manifest.json: schema version {version}, this stancekit reads 1", "train it again")


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b"null", b'"x"', b"\xff\xfe", b"{}"])
def test_a_manifest_that_is_none(folder: Path, raw: bytes):
    (folder / "manifest.json").write_bytes(raw)
    refused(folder, "manifest.json: not a model manifest")


@pytest.mark.parametrize("field", ["name", "version", "features", "heads", "files"])
def test_a_manifest_that_lacks_a_field(folder: Path, field: str):
    edit(folder, lambda m: m.pop(field), rehash=False)
    refused(folder, f"manifest.json: lacks {field}")


@pytest.mark.parametrize("name", ["../x.npz", "/etc/hostname", "sub/x.npz", ".."])
def test_a_listed_file_outside_the_folder(folder: Path, name: str):
    (folder.parent / "x.npz").touch()
    edit(folder, lambda m: m["files"].update({name: "0" * 64}), rehash=False)
    message = refused(folder, "manifest.json" if name != ".." else "missing")
    assert name == ".." or f"the file name {name!r} leaves the model's folder" in message


def at(*keys: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(manifest: dict[str, Any]) -> None:
        place: Any = manifest
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return change


VOCABULARY = ("features", 0, "vocabularies", 0)


@pytest.mark.parametrize("keys", [("heads", "statement", "arrays"), (*VOCABULARY, "idf"), (*VOCABULARY, "terms")])
def test_only_listed_files_are_opened(folder: Path, keys: tuple[Any, ...]):
    """Whatever else the manifest names: here a readable file beside the folder, of the right shape."""
    original = folder / ("head.npz" if keys[0] == "heads" else f"ngrams-word.{'npz' if keys[-1] == 'idf' else 'json'}")
    shutil.copy(original, folder.parent / "outside")
    edit(folder, at(*keys, value="../outside"))
    refused(folder, "'../outside'")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (at("files", value=[]), "'files' is not a table"),
        (at("features", 0, "kind", value="vectors"), "unknown features 'vectors'; known: cues, encoder, ngrams"),
        (at("features", 0, "kind", value=["x"]), "TypeError"),
        (at("features", 1, "names", value=["lex_worry", "lex_joy"]), "does not know: lex_joy"),
        (at("features", value=None), "TypeError"),
        (at("features", value=[{}]), "KeyError: 'kind'"),
        (at("heads", value={}), "KeyError: 'statement'"),
        (at("heads", "statement", "temperature", value="warm"), "ValueError"),
        (at("heads", "statement", "temperature", value=0), "the head does not fit"),
        (at("heads", "statement", "temperature", value=float("nan")), "the head does not fit"),
        (at("heads", "statement", "classes", value=["a", "b"]), "the head does not fit the features and classes"),
        (at("features", 1, "names", value=["lex_worry"]), "the head does not fit the features and classes"),
        (at(*VOCABULARY, "analyser", value="sentence"), "unknown analyser 'sentence'; known: char, word"),
        (at(*VOCABULARY, "idf", value="ngrams-char.npz"), "n-grams with weights of shape"),
    ],
)
def test_a_manifest_that_does_not_fit(folder: Path, change: Callable[[dict[str, Any]], None], told: str):
    edit(folder, change, rehash=False)
    refused(folder, told)


@pytest.mark.parametrize(
    "raw",
    [b"", b"garbage", b"PK\x03\x04 cut short", pickle.dumps({"coef": 1})],
    ids=["empty", "garbage", "cut zip", "pickle"],
)
def test_arrays_that_are_none(folder: Path, raw: bytes):
    (folder / "head.npz").write_bytes(raw)
    edit(folder, lambda m: None)
    refused(folder, "cannot be read")


def test_a_pickled_array_is_not_run(folder: Path, tmp_path: Path):
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (open, (str(tmp_path / "exploded"), "w"))

    np.savez(folder / "head.npz", coef=np.array([Bomb()], dtype=object), intercept=np.zeros(3), prior=np.zeros(3))
    edit(folder, lambda m: None)
    refused(folder, "allow_pickle")
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("name", ["coef", "intercept", "prior"])
def test_arrays_of_another_shape(folder: Path, name: str):
    with np.load(folder / "head.npz") as stored:
        arrays = dict(stored)
    np.savez(folder / "head.npz", **{**arrays, name: arrays[name][:-1]})
    edit(folder, lambda m: None)
    refused(folder, "the head does not fit the features and classes")


@pytest.mark.parametrize("name", ["coef", "intercept", "prior"])
def test_a_missing_array(folder: Path, name: str):
    with np.load(folder / "head.npz") as stored:
        np.savez(folder / "other.npz", **{key: stored[key] for key in stored if key != name})
    os.replace(folder / "other.npz", folder / "head.npz")
    edit(folder, lambda m: None)
    refused(folder, "cannot be read", name)


@pytest.mark.parametrize("raw", [b"\xff", b"[", b"3", b"null", b"[]"])
def test_terms_that_are_none(folder: Path, raw: bytes):
    (folder / "ngrams-word.json").write_bytes(raw)
    edit(folder, lambda m: None)
    refused(folder, "cannot be read")


# -- saving ------------------------------------------------------------------------------------------------------


def test_an_existing_folder_is_not_replaced_unasked(small: StanceClassifier, folder: Path):
    before = sha256_of(folder / "manifest.json")
    with pytest.raises(OutputError, match=f"{re.escape(str(folder))} exists; give another folder, or overwrite"):
        save_model(small.model_, folder)
    assert sha256_of(folder / "manifest.json") == before


def test_an_old_model_is_replaced_whole(small: StanceClassifier, folder: Path):
    (folder / "ngrams-old.json").touch()
    saved = save_model(replace(small.model_, name="new"), folder, overwrite=True)
    assert saved.name == load_model(folder).name == "new"
    assert "ngrams-old.json" not in os.listdir(folder)
    assert os.listdir(folder.parent) == ["model"]


def test_a_damaged_model_can_be_replaced(small: StanceClassifier, folder: Path):
    (folder / "head.npz").unlink()
    assert save_model(small.model_, folder, overwrite=True).classes == small.model_.classes


def test_an_empty_folder_can_be_replaced(small: StanceClassifier, tmp_path: Path):
    (tmp_path / "model").mkdir()
    with pytest.raises(OutputError, match="exists"):
        save_model(small.model_, tmp_path / "model")
    save_model(small.model_, tmp_path / "model", overwrite=True)


@pytest.mark.parametrize("content", [{"thesis.txt": "years"}, {"manifest.json": '{"name": "a web app"}', "app.js": ""}])
def test_a_folder_of_other_things_is_never_replaced(small: StanceClassifier, tmp_path: Path, content: dict[str, str]):
    target = tmp_path / "work"
    target.mkdir()
    for name, text in content.items():
        (target / name).write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match="work is not a model folder and would be lost; give another folder"):
        save_model(small.model_, target, overwrite=True)
    assert {p.name: p.read_text(encoding="utf-8") for p in target.iterdir()} == content
    assert os.listdir(tmp_path) == ["work"]


def test_a_file_is_never_replaced(small: StanceClassifier, tmp_path: Path):
    (tmp_path / "notes").write_text("years", encoding="utf-8")
    with pytest.raises(OutputError, match="notes is not a model folder"):
        save_model(small.model_, tmp_path / "notes", overwrite=True)
    assert (tmp_path / "notes").read_text(encoding="utf-8") == "years"


def test_the_folder_one_stands_in(small: StanceClassifier, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(folder)
    save_model(replace(small.model_, name="new"), ".", overwrite=True)
    assert load_model(folder).name == "new"
    assert os.listdir(folder.parent) == ["model"]


def test_missing_parents_are_made(small: StanceClassifier, tmp_path: Path):
    save_model(small.model_, tmp_path / "a" / "b" / "model")
    assert (tmp_path / "a" / "b" / "model" / "manifest.json").is_file()


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device"), MemoryError])
@pytest.mark.parametrize("where", ["sha256_of", "_move"])
def test_an_interrupted_save_leaves_nothing(
    small: StanceClassifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Any, where: str
):
    def interrupt(*_: object) -> None:
        raise error

    monkeypatch.setattr(artifact, where, interrupt)
    with pytest.raises(error if isinstance(error, type) else type(error)):
        save_model(small.model_, tmp_path / "model")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("where", ["sha256_of", "rename"])
def test_an_interrupted_save_leaves_the_old_model(
    small: StanceClassifier, folder: Path, monkeypatch: pytest.MonkeyPatch, where: str
):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    rename = Path.rename

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def interrupt_second(path: Path, target: Path) -> Path:
        if path.name.startswith(".model-") and not path.name.endswith("-old"):
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patch:
        if where == "rename":
            patch.setattr(Path, "rename", interrupt_second)
        else:
            patch.setattr(artifact, where, interrupt)
        with pytest.raises(KeyboardInterrupt):
            save_model(replace(small.model_, name="new"), folder, overwrite=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert os.listdir(folder.parent) == ["model"]


def test_a_record_that_json_cannot_hold(small: StanceClassifier, tmp_path: Path):
    with pytest.raises(TypeError, match="not JSON serializable"):
        save_model(replace(small.model_, manifest={"when": object()}), tmp_path / "model")
    assert os.listdir(tmp_path) == []


def test_others_may_read_the_folder(small_folder: Path):
    assert small_folder.stat().st_mode & 0o777 == 0o755


# -- cascades -----------------------------------------------------------------------------------------------------


@pytest.fixture
def joined(small: StanceClassifier, tmp_path: Path) -> Path:
    """A cascade of a model that is not installed and one that is."""
    model = CascadeModel("joined", "1", small.model_, load_model("ngram"), 0.7)
    save_model(model, tmp_path / "joined")
    return tmp_path / "joined"


def test_a_cascade_holds_what_is_not_installed(joined: Path, small_folder: Path):
    assert sorted(path.name for path in joined.iterdir()) == ["first", "manifest.json"]
    entry = json.loads((joined / "manifest.json").read_text(encoding="utf-8"))["cascade"]
    assert entry["first"]["folder"] == "first"
    assert entry["second"] == {"name": "ngram", "sha256": load_model("ngram").sha256}
    assert load_model(joined).first.sha256 == load_model(small_folder).sha256


def test_a_cascade_is_saved_twice(joined: Path, tmp_path: Path):
    again = save_model(load_model(joined), tmp_path / "again")
    assert again.sha256 == load_model(joined).sha256
    save_model(again, joined, overwrite=True)
    assert load_model(joined).sha256 == again.sha256


def test_another_model_in_the_cascade(joined: Path):
    edit(joined / "first", lambda manifest: manifest.update(version="2"))
    refused(joined, "made for another 'custom' model")


def test_a_cascade_reads_no_folder_but_its_own(joined: Path):
    edit(joined, lambda manifest: manifest["cascade"]["first"].update(folder="../elsewhere"))
    assert load_model(joined).first.name == "custom"


def test_public_names():
    assert stancekit.load_model is load_model
    assert stancekit.save_model is save_model
    assert stancekit.shipped_models is shipped_models
