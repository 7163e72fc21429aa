"""The one Spark session of this process: started when a run first asks for it, closed when the process ends."""

from __future__ import annotations

import atexit
import os
import shutil
import warnings
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from salur.foundation.database.home import workplace
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CONNECT = "sc://"
LOOPBACK = "127.0.0.1"
# What makes an answer of Spark the answer of DuckDB: overflow and bad casts are errors, days have no zone of a machine.
ANSWERS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.binaryAsString": "false",
    "spark.sql.parquet.mergeSchema": "false",
}
# Spark puts values of rows into the messages of its errors, so a line of its log names the class that speaks and nothing else.
LOGGING = """\
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = error
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.alwaysWriteExceptions = false
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss} %p spark %c{1}%n
"""

_lock = Lock()
_session: SparkSession | None = None
_held = ExitStack()


def session() -> SparkSession:
    """The session, started at the first call: that takes seconds, so a process keeps it between its runs."""
    global _session
    with _lock:
        if _session is None:
            _session = _started(os.environ.get("SALUR_SPARK_MASTER", "local[*]"))
            atexit.register(close)
        return _session


def close() -> None:
    """Stop the session and give back what it held; the next run starts another."""
    global _session
    with _lock:
        if _session is not None:
            _session.stop()
            _session = None
        _held.close()


def _started(master: str) -> SparkSession:
    # Nothing here goes through pandas, of which pyspark finds a newer one than it was tested with.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    try:
        from pyspark.logger import PySparkLogger
        from pyspark.sql import SparkSession
    except ImportError:
        raise Refused(
            _("SALUR_ENGINE=spark memerlukan paket pyspark; pasang salur[spark], atau pakai SALUR_ENGINE=duckdb.")
        ) from None
    # pyspark's own logger of errors repeats the text of Spark, with the values in it.
    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True
    if master.startswith(CONNECT):
        builder = SparkSession.builder.remote(master)
    else:
        if not _has_java():
            raise Refused(
                _("SALUR_ENGINE=spark memerlukan Java 17 atau lebih baru; pasang misalnya openjdk-17-jre-headless.")
            )
        builder = SparkSession.builder.master(master)
        for name, value in _settings(master, _held.enter_context(workplace("spark"))).items():
            builder = builder.config(name, value)
    try:
        made: SparkSession = builder.getOrCreate()
        for name, value in ANSWERS.items():
            made.conf.set(name, value)
    except Exception as error:
        _held.close()
        # Only the class: the message may hold whatever the server was told.
        raise Refused(
            _("Spark di SALUR_SPARK_MASTER tidak dapat dibuka (%(error)s); periksa alamat dan klasternya.")
            % {"error": type(error).__name__}
        ) from None
    return made


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin" if home else None) is not None


def _settings(master: str, scratch: Path) -> dict[str, str]:
    """What Salur asks of a session that it starts itself; all else is the cluster's own spark-defaults.conf."""
    quiet = scratch / "log4j2.properties"
    quiet.write_text(LOGGING)
    java = f'-Dlog4j2.configurationFile="{quiet.as_uri()}"'
    # The driver's own spills. Executors keep to the disks that their cluster gives them.
    _set_while_open("SPARK_LOCAL_DIRS", str(scratch))
    settings = {
        "spark.app.name": "salur",
        # Its pages show queries, and a query holds the draw.
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.defaultJavaOptions": java,
        "spark.executor.defaultJavaOptions": java,
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.hadoop.fs.permissions.umask-mode": "077",
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    }
    if master.startswith("local"):
        # Spark on one machine is nobody else's business: it listens on the loopback only.
        _set_while_open("SPARK_LOCAL_IP", LOOPBACK)
        settings |= {"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK}
    return settings


def _set_while_open(name: str, value: str) -> None:
    """For the Java that is started now; what the operator has set stands."""
    if name not in os.environ:
        os.environ[name] = value
        _held.callback(os.environ.pop, name, None)
