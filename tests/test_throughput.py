"""What the throughput report says of where the time goes."""

import subprocess
import sys
import time

from benchmarks.throughput_runs import CodeMeter

BURN = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ntime.sleep(600)"


def test_what_a_process_took_that_was_killed_is_counted_and_what_ran_before_is_not() -> None:
    def burn() -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", BURN], stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline()
        return process

    before = burn()
    with CodeMeter() as meter:
        during = burn()
        time.sleep(1.5)  # so that it is seen
        during.kill()
        during.wait()
    before.kill()
    before.wait()
    assert 0.45 <= meter.seconds < 0.9
