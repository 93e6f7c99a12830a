"""What a proxy in front of a server needs: a free port, and a certificate."""

import socket
import subprocess
from pathlib import Path


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def make_certificate(folder: Path, host: str = "localhost") -> tuple[Path, Path]:
    """For two days, signed by itself, and its key."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={host}"]
    names = ["-addext", f"subjectAltName=DNS:{host}", "-out", str(certificate), "-keyout", str(key)]
    subprocess.run(["openssl", *words, *names], check=True, capture_output=True)
    return certificate, key
