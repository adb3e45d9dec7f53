import dataclasses
import json

import pytest

from recognizer.errors import InputError
from training.networks import NETWORKS
from training.settings import TrainingSettings, as_dictionary, load_recipe


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_has_a_recipe_for_the_ten_digits(name):
    recipe = load_recipe(name)
    assert recipe.model == name
    assert len(recipe.labels) == 11
    assert recipe.labels[-1] == "other"


def test_an_unknown_recipe_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match=r"unknown network 'resnet': expected .*baseline, crnn"):
        load_recipe("resnet")


def test_a_key_that_is_no_setting_is_named(tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_text('model = "crnn"\nspeed = 3\n')
    monkeypatch.setattr("training.settings.RECIPES", tmp_path)
    with pytest.raises(InputError, match=r"mine.toml: .*'speed'"):
        load_recipe("mine")


def test_a_recipe_may_change_the_augmentation(tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_text("epochs = 3\n[augmentation]\nroom_share = 0.5\n")
    monkeypatch.setattr("training.settings.RECIPES", tmp_path)
    recipe = load_recipe("mine")
    assert (recipe.epochs, recipe.augmentation.room_share) == (3, 0.5)


def test_the_dictionary_survives_json_and_tells_settings_apart():
    settings = TrainingSettings()
    assert json.loads(json.dumps(as_dictionary(settings))) == as_dictionary(settings)
    assert as_dictionary(dataclasses.replace(settings, seed=2)) != as_dictionary(settings)
