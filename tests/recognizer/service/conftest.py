"""A service manager, and configurations, for the real command."""

import pytest

from tests.service_manager import Manager


@pytest.fixture
def manager(tmp_path):
    manager = Manager(str(tmp_path / "notify"))
    yield manager
    manager.close()
