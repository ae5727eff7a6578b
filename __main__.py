"""The repository's folder as a Pulumi project: its program is the quick start.

`main: examples/quickstart` in Pulumi.yaml would do, if the engine and the provider process then agreed on what the
option `virtualenv` is relative to; they do not.
"""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).with_name("examples") / "quickstart" / "__main__.py"), run_name="__main__")
