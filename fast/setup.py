"""The extension module; everything else stands in pyproject.toml."""

from pathlib import Path

from setuptools import Extension, setup

SOURCES = sorted(path.as_posix() for path in Path("src").glob("*.c"))
HEADERS = sorted(path.as_posix() for path in Path("src").glob("*.h"))

setup(
    ext_modules=[
        Extension(
            "stancekit_fast._kernel",
            SOURCES,
            depends=HEADERS,
            define_macros=[("Py_LIMITED_API", "0x030A0000")],
            py_limited_api=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
)
