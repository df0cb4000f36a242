"""What a phone shows of a signing session: which app and whom it is for, and why a signature was refused."""

LANGUAGES = ("kk", "ru", "en")

LOGIN = {
    "kk": "Tanba жүйесіне кіру ({site}). Бұл шарт емес.",
    "ru": "Вход в систему Tanba ({site}). Это не договор.",
    "en": "Log-in to Tanba ({site}). This is not a contract.",
}
DOCUMENT = {
    "kk": "Құжатқа қол қою: {names}. Tanba ({site}).",
    "ru": "Подписание документа: {names}. Tanba ({site}).",
    "en": "Signing a document: {names}. Tanba ({site}).",
}
PARTIES = {"kk": "БСН: {bins}.", "ru": "БИН: {bins}.", "en": "BIN: {bins}."}
TEST = {"kk": "ТЕСТ: заңды күші жоқ.", "ru": "ТЕСТ: не имеет юридической силы.", "en": "TEST: no legal force."}

REFUSALS = {
    "signatures.session_unknown": {
        "kk": "Мұндай QR-код жоқ. Құжатқа қол қойылған жоқ. Беттен жаңа QR-код алыңыз.",
        "ru": "Такого QR-кода нет. Документ не подписан. Получите на странице новый QR-код.",
        "en": "There is no such QR code. Nothing was signed. Get a new QR code on the page.",
    },
    "signatures.session_ended": {
        "kk": "QR-кодтың мерзімі өтті. Құжатқа қол қойылған жоқ. Беттен жаңа QR-код алыңыз.",
        "ru": "Срок QR-кода истёк. Документ не подписан. Получите на странице новый QR-код.",
        "en": "The QR code ran out. Nothing was signed. Get a new QR code on the page.",
    },
    "signatures.session_used": {
        "kk": "Бұл QR-код арқылы қол қойылып қойған. Қайта қол қою үшін жаңа QR-код алыңыз.",
        "ru": "По этому QR-коду уже подписали. Чтобы подписать снова, получите новый QR-код.",
        "en": "This QR code was signed already. To sign again, get a new QR code.",
    },
    "signatures.session_answer_wrong": {
        "kk": "Басқа құжаттар келді. Қол қойылған жоқ. QR-кодты қайта сканерлеңіз.",
        "ru": "Пришли другие документы. Подпись не принята. Отсканируйте QR-код ещё раз.",
        "en": "Other documents came back. The signature was not accepted. Scan the QR code again.",
    },
    "signatures.certificate_expired": {
        "kk": "ЭЦҚ мерзімі өткен. Қолтаңба қабылданған жоқ. ЭЦҚ-ны жаңартыңыз.",
        "ru": "Срок ЭЦП истёк. Подпись не принята. Обновите ЭЦП.",
        "en": "The certificate has expired. The signature was not accepted. Renew it.",
    },
    "signatures.certificate_revoked": {
        "kk": "ЭЦҚ кері қайтарып алынған. Қолтаңба қабылданған жоқ. Жаңа ЭЦҚ алыңыз.",
        "ru": "ЭЦП отозвана. Подпись не принята. Получите новую ЭЦП.",
        "en": "The certificate was revoked. The signature was not accepted. Get a new one.",
    },
    "signatures.certificate_untrusted": {
        "kk": "Сертификатты бұл жүйе танымайтын орталық берген. Қолтаңба қабылданған жоқ.",
        "ru": "Сертификат выдан центром, которому эта система не доверяет. Подпись не принята.",
        "en": "This system does not trust who issued the certificate. The signature was not accepted.",
    },
    "signatures.revocation_unknown": {
        "kk": "Сертификаттың күшінде екені қазір тексерілмеді. Қолтаңба қабылданған жоқ. Кейінірек қайталаңыз.",
        "ru": "Сейчас не удалось проверить, не отозван ли сертификат. Подпись не принята. Повторите позже.",
        "en": "Nobody could say now whether the certificate is revoked. The signature was not accepted. Try later.",
    },
    "signatures.key_purpose_wrong": {
        "kk": "Бұл кілт құжатқа қол қоюға арналмаған. Қол қою кілтін таңдаңыз.",
        "ru": "Этот ключ не для подписания документов. Выберите ключ подписи.",
        "en": "This key is not for signing documents. Choose the signing key.",
    },
    "request.too_many": {
        "kk": "Тым көп сұрау жіберілді. Сәл күтіп, қайталаңыз.",
        "ru": "Слишком много запросов. Подождите немного и повторите.",
        "en": "Too many requests. Wait a little and try again.",
    },
    "request.too_large": {
        "kk": "Жауап тым үлкен. Қолтаңба қабылданған жоқ.",
        "ru": "Ответ слишком велик. Подпись не принята.",
        "en": "The answer is too large. The signature was not accepted.",
    },
}

# For every other reason the person can do one thing: try again, and the page says more.
OTHERWISE = {
    "kk": "Қолтаңба тексеруден өтпеді. Құжатқа қол қойылған жоқ. QR-кодты қайта сканерлеңіз.",
    "ru": "Подпись не прошла проверку. Документ не подписан. Отсканируйте QR-код ещё раз.",
    "en": "The signature did not pass the check. Nothing was signed. Scan the QR code again.",
}


def refusal(code: str, language: str) -> str:
    return REFUSALS.get(code, OTHERWISE)[language]
