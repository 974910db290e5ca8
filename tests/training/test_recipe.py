"""Recipes of fine-tuning: read, overridden, refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from stancekit.errors import InputError
from stancetrain.recipe import Recipe
from stancetrain.shipped import RECIPES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    recipe = tmp_path / "recipe.json"
    recipe.write_text('{"epochs": 2, "batch_size": 8}', encoding="utf-8")
    return recipe


def test_the_file_and_the_defaults(path: Path):
    recipe = Recipe.load(path, [])
    assert (recipe.epochs, recipe.batch_size) == (2, 8)
    assert recipe.model_copy(update={"epochs": 3, "batch_size": 16}) == Recipe()


@pytest.mark.parametrize(
    ("override", "name", "value"),
    [
        ("epochs=0.5", "epochs", 0.5),
        ("layers=6", "layers", 6),
        ("layers=null", "layers", None),
        ("confidence_weights=[0.5, 1, 1]", "confidence_weights", (0.5, 1.0, 1.0)),
        ("train_on=train+validation", "train_on", "train+validation"),
        ('train_on="train"', "train_on", "train"),
        ("patience=2", "patience", 2),
    ],
)
def test_overrides(path: Path, override: str, name: str, value: object):
    assert getattr(Recipe.load(path, ["epochs=9", override]), name) == value


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ("epoch=3", "epoch"),
        ("epochs=many", "epochs"),
        ("epochs", "epochs"),
        ("batch_size=1.5", "batch_size"),
        ("patience=0", "patience"),
        ("train_on=test", "train_on"),
        ("confidence_weights=[1, 1]", "confidence_weights.2"),
    ],
)
def test_overrides_that_are_none(path: Path, override: str, field: str):
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}: field '{re.escape(field)}': "):
        Recipe.load(path, [override])


@pytest.mark.parametrize("raw", ["", "{", "epochs = 3"])
def test_a_file_that_is_not_json(path: Path, raw: str):
    path.write_text(raw, encoding="utf-8")
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}: not valid JSON: "):
        Recipe.load(path, [])


@pytest.mark.parametrize("raw", ["[]", "3", '"text"', "null"])
@pytest.mark.parametrize("overrides", [[], ["epochs=1"]])
def test_a_file_that_is_no_recipe(path: Path, raw: str, overrides: list[str]):
    path.write_text(raw, encoding="utf-8")
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}: "):
        Recipe.load(path, overrides)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(InputError, match=r"nowhere\.json"):
        Recipe.load(tmp_path / "nowhere.json", [])


def test_a_recipe_is_frozen():
    with pytest.raises(ValidationError):
        Recipe().epochs = 5


def test_what_a_run_records_is_a_recipe_again(path: Path):
    recipe = Recipe.load(path, ["layers=3", "r_drop=0.5"])
    assert Recipe.model_validate(json.loads(json.dumps(recipe.model_dump()))) == recipe


def test_the_shipped_recipe():
    assert Recipe.load(RECIPES / "encoder.json", []).epochs > 0
