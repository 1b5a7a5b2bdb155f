"""The sentences for the registry's real cases, against the files that were checked line by line."""

from tests.unit.domain.case_files import FOLDER, case_files


def test_each_real_case_is_reported_as_in_its_file():
    assert case_files() == {path.name: path.read_text() for path in sorted(FOLDER.glob("*.md"))}
