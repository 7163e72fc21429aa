"""One Spark session, with executors in processes of their own, for every test of this folder."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

MASTER = "local-cluster[2,1,1024]"
# As a ministry sets its own: few partitions, since the worlds are small, and no compiler or collector meant for hours of work.
DEFAULTS = """\
spark.driver.memory 1g
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.shuffle.partitions 2
spark.default.parallelism 2
"""


def missing() -> str:
    """What is not on this machine; '' when Spark can start."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed: pip install -r requirements/spark.txt"
    if shutil.which("java") is None:
        return "Java is not installed: apt-get install openjdk-17-jre-headless"
    return ""


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The session, under a home that outlives the houses of single tests."""
    if why := missing():
        # In CI a skipped test would look like a passed one.
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
    from salur.foundation.engine import spark_session

    place: Path = tmp_path_factory.mktemp("spark")
    (place / "spark-defaults.conf").write_text(DEFAULTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(place))
        patch.setenv("SALUR_SPARK_MASTER", MASTER)
        with pytest.MonkeyPatch.context() as at_start:
            at_start.setenv("SALUR_HOME", str(place / "home"))
            started = spark_session.session().sparkContext
        yield
        # Where Spark itself lies, its small cluster keeps what the executors print.
        import pyspark

        printed = Path(pyspark.__file__).parent / "work" / started.applicationId
        spark_session.close()
        shutil.rmtree(printed, ignore_errors=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home for the scratch of a run, without a database."""
    monkeypatch.setenv("SALUR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
