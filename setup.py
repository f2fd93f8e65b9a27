"""What pyproject.toml cannot say: the wheel holds the app, whose files stand at the top of the repository.

They go into ``explorer/_app``, where ``explorer.core.places.shipped`` finds them. An editable installation (``pip
install -e .``) copies nothing and uses them where they stand.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

APP = (
    "explorer_app.py",
    "streamlit_app.py",
    ".streamlit/config.toml",
    "pages/*.py",
    "checkpoints/**/*.safetensors",
    "checkpoints/frames/*.bin",
    "checkpoints/learn/figures.json",
    "recipes/**/*.toml",
)


class BuildWithApp(build_py):
    """Copies the package as ever, then the app into it."""

    def run(self) -> None:
        super().run()
        for source, target in self._copies().items():
            self.mkpath(str(Path(target).parent))
            self.copy_file(source, target, preserve_mode=False)

    def get_source_files(self) -> list[str]:
        # What a source distribution needs, so that a wheel can be built from one.
        return [*super().get_source_files(), *self._copies()]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        return [*super().get_outputs(include_bytecode), *self._copies().values()]

    def _copies(self) -> dict[str, str]:
        """File in the repository -> its place in the build, both relative to the repository."""
        if self.editable_mode:
            return {}
        files = sorted(str(path) for pattern in APP for path in Path().glob(pattern))
        return {file: str(Path(self.build_lib, "explorer", "_app", file)) for file in files}


setup(cmdclass={"build_py": BuildWithApp})
