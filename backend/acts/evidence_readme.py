"""What stands in a signed package for whoever opens it: what the files are, and the commands that verify them."""

from collections.abc import Sequence
from typing import NamedTuple

from backend.acts.evidence_files import Named
from backend.signatures.facts import SignatureFacts
from backend.signatures.queries import Bundle

OPENSSL = ("RSA", "ECDSA")
"""Schemes that openssl verifies; the national GOST needs other tools, or the page of the public check."""

HEAD = """\
{number}

ҚАЗАҚША
Бұл пакетте актінің қол қойылған құжаттары мен олардың дәлелдемелері бар. Оны кез келген адам тексере алады: файлды
{page} бетінде таңдаңыз немесе төмендегі пәрмендерді орындаңыз (OpenSSL 3.0 немесе одан жаңа).

РУССКИЙ
В этом пакете подписанные документы акта и то, что их доказывает. Проверить его может каждый: выберите файл на странице
{page} или выполните команды ниже (OpenSSL 3.0 или новее).

ENGLISH
This package holds the signed documents of an act and what proves them. Anyone can verify it: choose the file on
{page}, or run the commands below (OpenSSL 3.0 or newer).

  document.json         қол қойылған байттар · подписанные байты · the exact bytes that were signed (JCS, RFC 8785)
  signature.p7s         қолтаңба · подпись · the detached signature (CMS, CAdES-BES)
  signature.bin         қолтаңбаның мәні · значение подписи · its value, which a stamp of time is over
  signer.pem            қол қоюшының сертификаты · сертификат подписавшего · the signer's certificate
  authorities.pem       орталықтардың сертификаттары · сертификаты центров · the authorities above it, the root last
  ocsp-*.der, crl-*.crl қайтарылғаны туралы жауаптар · ответы об отзыве · what was said about revocation
  timestamp-*.tst       уақыт белгісі · метка времени · the stamp of time (RFC 3161)
  verdict.json          тексеру нәтижесі · результат проверки · what the platform found when it received the signature
  codes.csv             актінің барлық кодтары · все коды акта · every code of the act, with the package around it
  files/                тіркелген файлдар, фотосуреттер · вложения, фотографии · attached files and photos
  manifest.json         файлдардың тізімі · перечень файлов · every file with its size and SHA-256

Trust begins at the root, the last certificate in authorities.pem: compare its SHA-256 with what the authority
publishes. "codes.root" in an act's document.json is the Merkle root (SHA-256, prefixes of RFC 6962) over the sorted
leaves of codes.csv; a leaf is the first 16 bytes of the SHA-256 of a code.
"""

FILES = """
{rule}
files/

ҚАЗАҚША
Мұнда актіге тіркелген файлдар мен қабылданбаған тауардың фотосуреттері жатыр. Әр файл өзінің SHA-256 мәнімен аталған,
ал сол мән қол қойылған document.json ішінде тұр. Төмендегі пәрмен екеуін салыстырып, жоқ немесе өзгертілген файлды
атайды.

РУССКИЙ
Здесь файлы, приложенные к акту, и фотографии непринятого товара. Каждый файл назван своим SHA-256, который стоит в
подписанном document.json. Команда ниже сравнивает их и называет файл, которого нет или который изменён.

ENGLISH
Here are the files attached to the act and the photos of goods that were not taken. Each is named by its SHA-256, which
stands in the signed document.json. The command below compares the two and names a file that is missing or changed.

{command}
{list}"""

COMPARE = (
    """grep -ohE '"sha256":"[0-9a-f]{64}"|"photos":\\[[^]]*\\]' */document.json | grep -oE '[0-9a-f]{64}' | sort -u"""
    """ | while read -r sum; do printf '%s  %s\\n' "$sum" files/"$sum".*; done | sha256sum --check"""
)
"""From the hashes that were signed to the files, and not from a list that nobody signed."""

LEFT_OUT = "пакетте жоқ, акт бетінде · не в пакете, есть на странице акта · not in the package, see the page of the act"


class Paper(NamedTuple):
    """A file in the package: where it lies, and what the act calls it; photos have no name."""

    place: str
    title: str


SIGNATURE = """
{rule}
{folder}: {schema}
{signer}
{scheme}, {at} UTC{test}
"""

FOREIGN = """
openssl бұл алгоритмді білмейді · openssl этого алгоритма не знает · openssl does not know this algorithm: {page}
"""


def text(
    number: str,
    page: str,
    signatures: Sequence[tuple[str, SignatureFacts, Bundle]],
    files: Sequence[Paper] = (),
    left_out: Sequence[Named] = (),
) -> str:
    """The file in three languages. `page` is the address of the public check; a signature comes with its folder."""
    parts = [HEAD.format(number=number, page=page)]
    for folder, said, bundle in signatures:
        parts.append(
            SIGNATURE.format(
                rule="-" * 78,
                folder=folder,
                schema=said.schema,
                signer=", ".join(filter(None, (said.name, said.organisation, said.bin))),
                scheme=said.certificate.algorithm,
                at=f"{said.received_at:%Y-%m-%d %H:%M:%S}",
                test=" · СЫНАҚ · ТЕСТ · TEST" if said.is_test else "",
            )
        )
        known = said.certificate.algorithm in OPENSSL
        parts.append("\n" + "\n".join(commands(folder, said, bundle)) + "\n" if known else FOREIGN.format(page=page))
    if files or left_out:
        listed = [f"{one.place}  {one.title}".rstrip() for one in files]
        listed += [f"{one.sha256}  {one.title}: {LEFT_OUT}" for one in left_out]
        parts.append(FILES.format(rule="-" * 78, command=COMPARE, list="".join(f"\n{one}" for one in listed) + "\n"))
    return "".join(parts)


def commands(folder: str, said: SignatureFacts, bundle: Bundle) -> list[str]:
    """What to type, from the folder that the package was unpacked to. The moment is that of receipt: certificates run
    out later, and signatures made before stand."""
    at, authorities = int(said.received_at.timestamp()), f"-CAfile {folder}/authorities.pem"
    shown = [
        f"openssl cms -verify -binary -inform DER -in {folder}/signature.p7s -content {folder}/document.json"
        f" {authorities} -purpose any -attime {at} -out {folder}/verified.json"
    ]
    for number in range(1, len(bundle.ocsp) + 1):
        shown.append(
            f"openssl ocsp -respin {folder}/ocsp-{number}.der -issuer {folder}/authorities.pem -sha256"
            f" -cert {folder}/signer.pem {authorities} -no_nonce -attime {at}"
        )
    for number in range(1, len(bundle.crls) + 1):
        shown.append(f"openssl crl -inform DER -in {folder}/crl-{number}.crl {authorities} -noout")
    for number in range(1, len(bundle.timestamps) + 1):
        shown.append(
            f"openssl ts -verify -token_in -in {folder}/timestamp-{number}.tst -data {folder}/signature.bin"
            f" {authorities} -attime {int((said.stamped_at or said.received_at).timestamp())}"
        )
    return shown
