"""Settings, read once from the environment. Production refuses to start when one of them is unsafe."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


# Where eGov's apps are opened from; {url} becomes the percent-encoded address of what is to be signed.
EGOV_MOBILE_LINK = "https://m.egov.kz/mobileSign/?link={url}&isi=1476128386&ibi=kz.egov.mobile&apn=kz.mobile.mgov"
EGOV_BUSINESS_LINK = (
    "https://m.egov.kz/businessSign/?link={url}&isi=1597880144&ibi=kz.mobile.mgov.business&apn=kz.mobile.mgov.business"
)


FILES_QUOTA = 5 * 1024**3


class UnsafeSettings(SystemExit):
    """Raised before anything listens; the text says which variable to set."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server; `tls` is "starttls", "implicit" or "" (on this machine only)."""

    host: str
    port: int
    user: str
    password: str
    tls: str


@dataclass(frozen=True, slots=True)
class Settings:
    """`instance` holds all that an installation owns. Secrets are bytes: `secret` signs cookies and pseudonyms,
    `master_key` (32) encrypts the code-signing keys at rest, `platform_seed` (32) is the Ed25519 seed that signs
    trust lists and history checkpoints. `trust_anchors` are SHA-256 fingerprints of the national roots;
    `ocsp_url`, `crl_urls` and `tsa_url` say where the national authority is asked. Without `smtp` letters
    stay in the demo's mailbox. `loopback_calls` lets webhooks and push reach this very machine. `files_url` is the
    folder or bucket of files, `files_quota` how many bytes of them one organisation may bring."""

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
    ocsp_url: str = ""
    crl_urls: tuple[str, ...] = ()
    tsa_url: str = ""
    egov_mobile_link: str = EGOV_MOBILE_LINK
    egov_business_link: str = EGOV_BUSINESS_LINK
    smtp: Smtp | None = None
    mail_from: str = "tanba@localhost"
    loopback_calls: bool = False
    files_url: str = ""
    files_quota: int = FILES_QUOTA

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


# Where the national authority answers, by profile: the responder, its lists (full and delta, of the issuing
# authorities and of the roots), the stamps of time. Plain HTTP: every answer is signed.
AUTHORITY = {
    "dev": ("", (), ""),
    "nca-test": (
        "http://test.pki.gov.kz/ocsp/",
        (
            "http://test.pki.gov.kz/crl/nca_gost2022_test.crl",
            "http://test.pki.gov.kz/crl/nca_gost2022_d_test.crl",
            "http://crl.root.gov.kz/gost_test_2022.crl",
        ),
        "http://test.pki.gov.kz/tsp/",
    ),
    "nca-prod": (
        "http://ocsp.pki.gov.kz/",
        (
            "http://crl.pki.gov.kz/nca_gost_2022.crl",
            "http://crl.pki.gov.kz/nca_d_gost_2022.crl",
            "http://crl.pki.gov.kz/nca_rsa_2022.crl",
            "http://crl.pki.gov.kz/nca_d_rsa_2022.crl",
            "http://crl.root.gov.kz/gost2015_2022.crl",
            "http://crl.root.gov.kz/rsa2020.crl",
        ),
        "http://tsp.pki.gov.kz/",
    ),
}


def load(env: Mapping[str, str] = os.environ) -> Settings:
    """Build the settings. Outside production missing secrets are made and kept in `instance/secrets`."""
    production = env.get("TANBA_ENV", "development") == "production"
    instance = Path(env.get("TANBA_INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    if production:
        _refuse_unsafe(env)
    profile = env.get("TANBA_TRUST_PROFILE") or "dev"
    ocsp_url, crl_urls, tsa_url = AUTHORITY.get(profile, ("", (), ""))
    database_url = env.get("DATABASE_URL") or f"sqlite:///{instance / 'tanba.db'}"
    return Settings(
        production=production,
        instance=instance,
        database_url=driver(database_url),
        replica_url=driver(env.get("DATABASE_REPLICA_URL", "")),
        queue_url=env.get("QUEUE_URL") or f"sqlite:///{instance / 'queue.db'}",
        limits_url=env.get("LIMITS_URL") or f"sqlite:///{instance / 'limits.db'}",
        public_url=(env.get("TANBA_PUBLIC_URL") or "http://localhost:8000").rstrip("/"),
        trust_profile=profile,
        secret=_secret(env, "TANBA_SECRET", instance),
        master_key=_secret(env, "TANBA_MASTER_KEY", instance),
        platform_seed=_secret(env, "TANBA_PLATFORM_KEY", instance),
        trusted_proxies=int(env.get("TANBA_TRUSTED_PROXIES", "0")),
        limits=env.get("TANBA_NO_LIMITS", "") != "1",
        debug=env.get("TANBA_DEBUG", "") == "1",
        groups_dir=Path(env["TANBA_GROUPS"]) if env.get("TANBA_GROUPS") else None,
        trust_anchors=tuple(env.get("TANBA_TRUST_ANCHORS", "").replace(",", " ").split()),
        ocsp_url=env.get("TANBA_OCSP_URL", ocsp_url),
        crl_urls=tuple(env.get("TANBA_CRL_URLS", " ".join(crl_urls)).replace(",", " ").split()),
        tsa_url=env.get("TANBA_TSA_URL", tsa_url),
        egov_mobile_link=env.get("TANBA_EGOV_MOBILE_LINK", EGOV_MOBILE_LINK),
        egov_business_link=env.get("TANBA_EGOV_BUSINESS_LINK", EGOV_BUSINESS_LINK),
        smtp=mail_server(env.get("TANBA_SMTP_URL", "")),
        mail_from=env.get("TANBA_MAIL_FROM") or "tanba@localhost",
        loopback_calls=env.get("TANBA_LOOPBACK_CALLS", "") == "1",
        files_url=files_store(env.get("FILES_URL") or (instance / "files").as_uri()),
        files_quota=int(env.get("TANBA_FILES_QUOTA_MB") or FILES_QUOTA // 1024**2) * 1024**2,
    )


def driver(url: str) -> str:
    """A database address as hosts give it, with the driver that we use written in."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def files_store(url: str) -> str:
    """`file:///folder` or `s3://key:secret@host/bucket?region=…`. Raises UnsafeSettings."""
    parts = urlsplit(url)
    bucket = parts.scheme == "s3" and parts.hostname and parts.username and parts.password and parts.path.strip("/")
    if not bucket and not (parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")):
        raise UnsafeSettings("FILES_URL must look like file:///folder or s3://key:secret@host/bucket?region=us-east-1")
    return url


def mail_server(url: str) -> Smtp | None:
    """`smtp://user:password@host:port?tls=starttls|implicit`; None for no address. A password and letters with secrets
    in them do not cross a network in clear. Raises UnsafeSettings."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnsafeSettings("TANBA_SMTP_URL is not an address") from error
    tls = parse_qs(parts.query).get("tls", [""])[0]
    if parts.scheme != "smtp" or not parts.hostname or tls not in ("", "starttls", "implicit"):
        raise UnsafeSettings("TANBA_SMTP_URL must look like smtp://user:password@host:port?tls=starttls (or implicit)")
    if not tls and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise UnsafeSettings("TANBA_SMTP_URL must say tls=starttls or tls=implicit for a server on another machine")
    usual = {"implicit": 465, "starttls": 587, "": 25}[tls]
    return Smtp(parts.hostname, port or usual, unquote(parts.username or ""), unquote(parts.password or ""), tls)


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
    if not env.get("TANBA_SMTP_URL"):
        reasons.append("TANBA_SMTP_URL is missing: smtp://user:password@host:port?tls=starttls (or implicit)")
    if "@" not in env.get("TANBA_MAIL_FROM", ""):
        reasons.append("TANBA_MAIL_FROM must be the address that letters come from")
    if env.get("TANBA_LOOPBACK_CALLS", "") == "1":
        reasons.append("TANBA_LOOPBACK_CALLS must not be set")
    if reasons:
        raise UnsafeSettings("Tanba does not start in production:\n- " + "\n- ".join(reasons))
