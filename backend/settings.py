"""Settings, read once from the environment. Production refuses to start when one of them is unsafe."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class UnsafeSettings(SystemExit):
    """Raised before anything listens; the text says which variable to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`instance` holds all that an installation owns. Secrets are bytes: `secret` signs cookies and pseudonyms,
    `master_key` (32) encrypts the code-signing keys at rest, `platform_seed` (32) is the Ed25519 seed that signs
    trust lists and history checkpoints. `trust_anchors` are SHA-256 fingerprints of the national roots."""

    production: bool
    instance: Path
    database_url: str
    replica_url: str
    queue_url: str
    limits_url: str
    public_url: str
    trust_profile: str
    secret: bytes
    master_key: bytes
    platform_seed: bytes
    trusted_proxies: int
    limits: bool
    debug: bool
    groups_dir: Path | None
    testing: bool = False
    trust_anchors: tuple[str, ...] = ()

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


def load(env: Mapping[str, str] = os.environ) -> Settings:
    """Build the settings. Outside production missing secrets are made and kept in `instance/secrets`."""
    production = env.get("TANBA_ENV", "development") == "production"
    instance = Path(env.get("TANBA_INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    if production:
        _refuse_unsafe(env)
    database_url = env.get("DATABASE_URL") or f"sqlite:///{instance / 'tanba.db'}"
    return Settings(
        production=production,
        instance=instance,
        database_url=driver(database_url),
        replica_url=driver(env.get("DATABASE_REPLICA_URL", "")),
        queue_url=env.get("QUEUE_URL") or f"sqlite:///{instance / 'queue.db'}",
        limits_url=env.get("LIMITS_URL") or f"sqlite:///{instance / 'limits.db'}",
        public_url=(env.get("TANBA_PUBLIC_URL") or "http://localhost:8000").rstrip("/"),
        trust_profile=env.get("TANBA_TRUST_PROFILE") or "dev",
        secret=_secret(env, "TANBA_SECRET", instance),
        master_key=_secret(env, "TANBA_MASTER_KEY", instance),
        platform_seed=_secret(env, "TANBA_PLATFORM_KEY", instance),
        trusted_proxies=int(env.get("TANBA_TRUSTED_PROXIES", "0")),
        limits=env.get("TANBA_NO_LIMITS", "") != "1",
        debug=env.get("TANBA_DEBUG", "") == "1",
        groups_dir=Path(env["TANBA_GROUPS"]) if env.get("TANBA_GROUPS") else None,
        trust_anchors=tuple(env.get("TANBA_TRUST_ANCHORS", "").replace(",", " ").split()),
    )


def driver(url: str) -> str:
    """A database address as hosts give it, with the driver that we use written in."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def _secret(env: Mapping[str, str], name: str, instance: Path) -> bytes:
    """32 bytes: from the environment as 64 hexadecimal digits, else kept beside the database."""
    if env.get(name):
        try:
            value = bytes.fromhex(env[name])
        except ValueError:
            value = b""
        if len(value) != 32:
            raise UnsafeSettings(f"{name} must be 64 hexadecimal digits (32 bytes): python3 -m backend secrets")
        return value
    if env.get("TANBA_ENV") == "production":
        raise UnsafeSettings(f"{name} is not set; make one with: python3 -m backend secrets")
    path = instance / "secrets" / f"{name.lower()}.hex"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())


def _refuse_unsafe(env: Mapping[str, str]) -> None:
    reasons = []
    for name in ("TANBA_SECRET", "TANBA_MASTER_KEY", "TANBA_PLATFORM_KEY"):
        value = env.get(name, "")
        if len(set(value)) < 8:
            reasons.append(f"{name} is missing or a default; make one with: python3 -m backend secrets")
    if env.get("TANBA_TRUST_PROFILE", "") not in ("nca-test", "nca-prod"):
        reasons.append("TANBA_TRUST_PROFILE must be nca-prod (or nca-test): the development CA is not trusted here")
    if env.get("TANBA_DEBUG", "") == "1":
        reasons.append("TANBA_DEBUG must not be set")
    if env.get("TANBA_NO_LIMITS", "") == "1":
        reasons.append("TANBA_NO_LIMITS must not be set")
    if not env.get("TANBA_PUBLIC_URL", "").startswith("https://"):
        reasons.append("TANBA_PUBLIC_URL must be the https:// address that people open")
    if reasons:
        raise UnsafeSettings("Tanba does not start in production:\n- " + "\n- ".join(reasons))
