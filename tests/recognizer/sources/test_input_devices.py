from dataclasses import replace

import pytest

from recognizer.errors import DeviceError
from recognizer.sources.input_devices import (
    InputDevice,
    NoMicrophoneError,
    choose_again,
    choose_device,
)

LAPTOP = InputDevice(index=2, name="Laptop", sample_rate=48_000, channels=2, is_default=False)
HEADSET = InputDevice(
    index=5, name="USB Headset Pro", sample_rate=44_100, channels=1, is_default=True
)
PLAIN = InputDevice(index=7, name="usb headset", sample_rate=16_000, channels=1, is_default=False)
ALL = [LAPTOP, HEADSET, PLAIN]
CARD = InputDevice(
    index=3, name="USB Audio: - (hw:1,0)", sample_rate=48_000, channels=1, is_default=False
)


@pytest.mark.parametrize(
    ("wanted", "device"),
    [
        (None, HEADSET),
        ("laptop", LAPTOP),
        ("LAP", LAPTOP),
        ("pro", HEADSET),
        ("usb", HEADSET),
        ("USB Headset", PLAIN),
        ("7", PLAIN),
    ],
)
def test_a_device_is_chosen_by_index_name_or_part_of_the_name(wanted, device):
    assert choose_device(ALL, wanted) == device


def test_without_a_default_the_first_input_is_taken():
    assert choose_device([LAPTOP, replace(HEADSET, is_default=False)], None) == LAPTOP


def test_an_unknown_device_is_refused_with_a_list_of_those_there_are():
    with pytest.raises(DeviceError, match=r"'kitchen'.*2 'Laptop', 5 'USB Headset Pro'"):
        choose_device(ALL, "kitchen")


def test_no_input_at_all_is_an_error_of_its_own():
    with pytest.raises(NoMicrophoneError, match="no microphone found"):
        choose_device([], None)


@pytest.mark.parametrize("wanted", ["5", "pro", "USB Headset Pro"])
def test_a_device_is_found_again_by_its_name_at_another_index(wanted):
    moved = replace(HEADSET, index=2)
    assert choose_again([replace(LAPTOP, index=5), PLAIN, moved], wanted, HEADSET) == moved


def test_a_sound_card_is_found_again_as_another_card():
    moved = replace(CARD, index=9, name="USB Audio: - (hw:4,0)")
    assert choose_again([LAPTOP, moved], "hw:1,0", CARD) == moved


def test_of_two_cards_with_one_name_the_one_at_the_same_place_is_taken_first():
    other = replace(CARD, index=1, name="USB Audio: - (hw:0,0)")
    assert choose_again([other, CARD], "usb", CARD) == CARD


def test_the_same_device_is_preferred_to_another_that_matches_what_was_asked_for():
    assert choose_again([PLAIN, HEADSET], "usb headset", HEADSET) == HEADSET


def test_another_device_that_matches_the_name_that_was_asked_for_will_do():
    assert choose_again([LAPTOP, PLAIN], "usb", HEADSET) == PLAIN


def test_another_device_at_the_index_that_was_asked_for_will_not_do():
    with pytest.raises(DeviceError, match="'USB Headset Pro'"):
        choose_again([replace(LAPTOP, index=5)], "5", HEADSET)


def test_the_default_is_whatever_is_the_default_now():
    now = replace(LAPTOP, is_default=True)
    assert choose_again([replace(HEADSET, is_default=False), now], None, HEADSET) == now


def test_without_inputs_there_is_nothing_to_find_again():
    with pytest.raises(NoMicrophoneError):
        choose_again([], "usb", HEADSET)
