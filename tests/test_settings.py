"""What one person prefers, kept from one day to the next."""

import json
import sys
from pathlib import Path

import pytest

from grants_app.settings import Settings


@pytest.fixture
def file(tmp_path):
    return tmp_path / "Grants Desk" / "settings.json"


def test_a_new_person_has_the_usual_settings_and_no_file_yet(file):
    settings = Settings(file)

    assert (settings.officer, settings.theme, settings.zoom, settings.last_file) == ("", "system", 100, None)
    assert (settings.views("grants"), settings.state("window"), settings.fault) == ({}, {}, "")
    assert not file.exists()


def test_every_setting_is_there_again_the_next_day(file, tmp_path):
    settings = Settings(file)
    settings.officer = " Ada Okoye "
    settings.theme = "dark"
    settings.zoom = 150
    settings.used_file(tmp_path / "demo.grants")
    settings.opened_record(tmp_path / "demo.grants", "grants", 12)
    settings.save_view("grants", "Ending soon", {"sort": "ends", "filters": {"status": ["Active"]}})
    settings.keep_state("window", {"geometry": "AdnQyw==", "tab": 2})

    again = Settings(file)

    assert (again.officer, again.theme, again.zoom) == ("Ada Okoye", "dark", 150)
    assert again.last_file == (tmp_path / "demo.grants").resolve()
    assert again.opened_records(tmp_path / "demo.grants") == (("grants", 12),)
    assert again.views("grants") == {"Ending soon": {"sort": "ends", "filters": {"status": ["Active"]}}}
    assert again.state("window") == {"geometry": "AdnQyw==", "tab": 2}
    assert again.fault == ""
    assert [each.name for each in file.parent.iterdir()] == ["settings.json"]


def test_the_last_ten_files_are_kept_each_once_and_the_last_one_first(file, tmp_path):
    settings = Settings(file)
    for number in range(12):
        settings.used_file(tmp_path / f"{number}.grants")
    settings.used_file(tmp_path / "5.grants")

    assert [each.name for each in settings.recent_files] == [f"{n}.grants" for n in (5, 11, 10, 9, 8, 7, 6, 4, 3, 2)]


def test_opened_records_come_last_first_and_at_most_fifty(file, tmp_path):
    settings = Settings(file)
    for number in range(60):
        settings.opened_record(tmp_path / "a.grants", "engagements", number)
    settings.opened_record(tmp_path / "a.grants", "engagements", 30)

    opened = settings.opened_records(tmp_path / "a.grants")

    assert len(opened) == 50
    assert opened[:3] == (("engagements", 30), ("engagements", 59), ("engagements", 58))


def test_views_belong_to_their_page_and_come_in_the_order_of_their_names(file):
    settings = Settings(file)
    for page, name in (("grants", "b"), ("grants", "A"), ("grants", "c/d"), ("payments", "late")):
        settings.save_view(page, name, {"of": name})
    settings.forget_view("grants", "b")
    settings.forget_view("grants", "never was")

    assert Settings(file).views("grants") == {"A": {"of": "A"}, "c/d": {"of": "c/d"}}
    assert Settings(file).views("payments") == {"late": {"of": "late"}}


def test_two_windows_do_not_lose_each_others_settings(file):
    first, second = Settings(file), Settings(file)
    first.officer = "Ada"
    second.zoom = 200
    first.theme = "light"

    both = Settings(file)

    assert (both.officer, both.zoom, both.theme) == ("Ada", 200, "light")


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '"text"', "\x00\x00\x00"])
def test_a_damaged_file_is_set_aside_and_named(file, content):
    file.parent.mkdir()
    file.write_text(content)
    file.with_name("settings.damaged.json").write_text("an earlier one")

    settings = Settings(file)
    settings.officer = "Ada"

    aside = file.with_name("settings.damaged1.json")
    assert settings.fault == (
        f"Your settings were damaged. They are now in {aside}, and Grants Desk starts with new ones."
    )
    assert aside.read_text() == content
    assert file.with_name("settings.damaged.json").read_text() == "an earlier one"
    assert Settings(file).officer == "Ada"


def test_values_that_make_no_sense_count_as_not_set_and_the_others_stay(file):
    file.parent.mkdir()
    nonsense = {
        "officer": "Ada",
        "theme": "pink",
        "zoom": "big",
        "recent_files": "a",
        "view/grants/x": 7,
        "state/w": [],
    }
    file.write_text(json.dumps({**nonsense, "opened/x": [["grants"], 5], "of a later version": [1]}))

    settings = Settings(file)

    assert (settings.officer, settings.theme, settings.zoom, settings.recent_files) == ("Ada", "system", 100, ())
    assert (settings.views("grants"), settings.state("w"), settings.fault) == ({}, {}, "")
    settings.zoom = 120
    assert json.loads(file.read_text())["of a later version"] == [1]


@pytest.mark.parametrize(("asked", "kept"), [(10, 80), (80, 80), (125, 125), (300, 300), (999, 300)])
def test_zoom_stays_between_80_and_300_per_cent(file, asked, kept):
    settings = Settings(file)
    settings.zoom = asked

    assert Settings(file).zoom == kept


def test_where_settings_cannot_be_kept_work_goes_on_and_says_so(tmp_path):
    (tmp_path / "in the way").write_text("a file, where the folder should be")
    settings = Settings(tmp_path / "in the way" / "settings.json")

    settings.officer = "Ada"

    assert settings.officer == "Ada"
    assert settings.fault.startswith(
        f"Your settings in {tmp_path / 'in the way' / 'settings.json'} cannot be read: "
    ) or (settings.fault.startswith(f"Your settings cannot be kept in {tmp_path / 'in the way' / 'settings.json'}: "))


def test_a_file_that_cannot_be_read_just_now_is_not_written_over(file):
    file.mkdir(parents=True)  # reading a folder fails for every account, even the administrator's
    settings = Settings(file)

    settings.officer = "Ada"
    settings.zoom = 90

    assert (settings.officer, settings.zoom) == ("Ada", 90)
    assert settings.fault.startswith(f"Your settings in {file} cannot be read: ")
    assert file.is_dir()


def test_setting_the_same_again_writes_nothing(file):
    settings = Settings(file)
    settings.officer = "Ada"
    before = file.stat()

    settings.officer = "Ada"

    assert file.stat().st_mtime_ns == before.st_mtime_ns
    if sys.platform != "win32":
        assert file.stat().st_ino == before.st_ino


def test_a_file_given_by_a_roundabout_way_is_the_same_file(file, tmp_path):
    (tmp_path / "folder").mkdir()
    settings = Settings(file)
    settings.used_file(tmp_path / "a.grants")
    settings.used_file(tmp_path / "folder" / ".." / "a.grants")

    assert settings.recent_files == (Path(tmp_path / "a.grants").resolve(),)
