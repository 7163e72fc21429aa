import json
from pathlib import Path

import pytest

from salur.foundation.database.home import ensure_secret, home, outgoing, secret
from salur.foundation.vocabulary.errors import Refused


def test_a_new_home_is_open_to_its_owner_only_and_its_parents_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o751)
    monkeypatch.setenv("SALUR_HOME", str(tmp_path / "home"))
    assert home().stat().st_mode & 0o777 == 0o700
    assert tmp_path.stat().st_mode & 0o777 == 0o751


def test_an_existing_home_keeps_its_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setenv("SALUR_HOME", str(tmp_path))
    assert home() == tmp_path
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_home_that_everybody_may_write_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o1777)
    monkeypatch.setenv("SALUR_HOME", str(tmp_path))
    with pytest.raises(Refused, match="SALUR_HOME"):
        home()


def test_without_a_wish_an_ordinary_user_gets_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SALUR_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("salur.foundation.database.home.is_root", lambda: False)
    assert home() == tmp_path / "salur"


def test_a_secret_is_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    assert secret("django", tmp_path) is None
    made = ensure_secret("django", under=tmp_path)
    assert len(made) == 64
    assert ensure_secret("django", "another", under=tmp_path) == made == secret("django", tmp_path)
    assert ensure_secret("id_key", "from the seed", under=tmp_path) == "from the seed"
    assert json.loads((tmp_path / "secrets.json").read_text()) == {"django": made, "id_key": "from the seed"}
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_folder_for_files_that_leave_is_made_or_refused_by_name(tmp_path: Path) -> None:
    assert outgoing(tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(Refused, match="file.*--out"):
            outgoing(place)
