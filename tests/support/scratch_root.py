"""A root of a test's own: this machine's programs under it, and folders that begin empty.

What a container engine does with mounts, done by a mount namespace; as root and as an ordinary user.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

SHOWN = ("usr", "lib", "lib64", "bin", "sbin", "etc", "proc", "dev", "run", sys.base_prefix.lstrip("/"))
_ENTER = """
set -e
root=$1; own=$2; sealed=$3; shift 3
mount --bind "$root" "$root"
for name in {shown}; do
    [ -e "/$name" ] || continue
    if [ -L "/$name" ]; then ln -sfn "$(readlink "/$name")" "$root/$name"; continue; fi
    mkdir -p "$root/$name"
    mount --rbind "/$name" "$root/$name"
done
if [ "$sealed" = yes ]; then
    for name in $own; do mount --bind "$root$name" "$root$name"; done
    mount -o remount,bind,ro "$root"
fi
exec chroot "$root" "$@"
"""


@dataclass
class ScratchRoot:
    """`folder` becomes the root. `own` are the absolute names in it that can be written once it is `sealed`."""

    folder: Path
    own: tuple[str, ...] = ("/tmp",)  # noqa: S108 -- one of its own
    sealed: bool = False
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (*self.own, "/image/bin"):
            self.path(name).mkdir(parents=True, exist_ok=True)
        python = self.path("/image/bin/python")
        if not python.is_symlink():
            python.symlink_to(Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}")

    def path(self, name: str) -> Path:
        """Where we see what stands under this absolute name."""
        return self.folder / name.lstrip("/")

    def command(self, words: list[str], *, user: int | None = None) -> list[str]:
        """The words of a command inside of it, as root, or (where we are root) as a user."""
        root = os.geteuid() == 0
        unshare = ["unshare", "--mount"] if root else ["unshare", "--user", "--map-root-user", "--mount"]
        script = _ENTER.format(shown=" ".join(shlex.quote(name) for name in SHOWN))
        sealed = "yes" if self.sealed else "no"
        other = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--"] if user and root else []
        return [*unshare, "sh", "-c", script, "sh", str(self.folder), " ".join(self.own), sealed, *other, *words]

    @property
    def environment(self) -> dict[str, str]:
        """What commands inside of it are told."""
        return {**os.environ, "HOME": "/tmp", "PATH": "/image/bin:/usr/sbin:/usr/bin:/sbin:/bin", **self.environ}  # noqa: S108

    def run(self, script: str, *, cwd: str = "/", user: int | None = None) -> subprocess.CompletedProcess[str]:
        """Run a line of shell inside of it, as Docker does it."""
        inside = ["/bin/sh", "-c", f"cd {shlex.quote(cwd)} && {script}"]
        return subprocess.run(
            self.command(inside, user=user),
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
