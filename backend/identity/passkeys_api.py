"""Routes of passkeys: enrolling, using and ending them, and confirming an action with one."""

from base64 import b64encode

from flask import Response

from backend.core.actor import current_actor
from backend.core.api import PUBLIC, SIGNED_IN, Api, unit_of_work
from backend.identity import confirmations, cookies, passkeys, queries, rules
from backend.identity.browsers import browser, json
from backend.identity.schemas import (
    ConfirmationAnswer,
    ConfirmationIn,
    ConfirmationOut,
    Confirmed,
    LoggedIn,
    PasskeyChallengeOut,
    PasskeyIn,
    PasskeyList,
    PasskeyLogIn,
    PasskeyMade,
    PasskeyName,
    PasskeyOut,
)

api = Api("passkeys")


@api.post("/auth/passkeys/options", allow=SIGNED_IN, gives=PasskeyChallengeOut)
def offer_passkey() -> PasskeyChallengeOut:
    """What the browser needs to make a passkey; only minutes after signing in with a key."""
    asked = passkeys.offer(current_actor())
    return PasskeyChallengeOut(challenge_id=asked.challenge_id, options=asked.options)


@api.post("/auth/passkeys", allow=SIGNED_IN, takes=PasskeyIn, gives=PasskeyMade, status=201)
def enrol_passkey(body: PasskeyIn) -> PasskeyMade:
    """Keep the passkey that the browser made."""
    return PasskeyMade(id=passkeys.enrol(current_actor(), body.challenge_id, body.credential, body.name))


@api.get("/auth/passkeys", allow=SIGNED_IN, gives=PasskeyList)
def list_passkeys() -> PasskeyList:
    """One's own passkeys for this organisation."""
    actor = current_actor()
    found = queries.passkeys(actor.person_id, actor.organisation_id)
    return PasskeyList(passkeys=[PasskeyOut.model_validate(one) for one in found])


@api.patch("/auth/passkeys/<passkey_id>", allow=SIGNED_IN, takes=PasskeyName, gives=PasskeyMade)
def rename_passkey(passkey_id: str, body: PasskeyName) -> PasskeyMade:
    """Call a passkey something else."""
    passkeys.rename(current_actor(), passkey_id, body.name)
    return PasskeyMade(id=passkey_id)


@api.delete("/auth/passkeys/<passkey_id>", allow=SIGNED_IN, gives=PasskeyMade)
def remove_passkey(passkey_id: str) -> PasskeyMade:
    """End a passkey and the sessions that it opened."""
    passkeys.remove(current_actor(), passkey_id)
    return PasskeyMade(id=passkey_id)


@api.post("/auth/passkey/challenge", allow=PUBLIC, gives=PasskeyChallengeOut, idempotent=False, limit="login")
def ask_passkey() -> Response:
    """What the browser needs to sign in with a passkey; the answer's cookie must come back with it."""
    asked = passkeys.ask()
    answer = json(PasskeyChallengeOut(challenge_id=asked.challenge_id, options=asked.options))
    cookies.set_browser(answer, asked.browser)
    return answer


@api.post("/auth/passkey/login", allow=PUBLIC, takes=PasskeyLogIn, gives=LoggedIn, writes=False, limit="login")
def log_in_with_passkey(body: PasskeyLogIn) -> Response:
    """Sign in with a passkey; sets the session cookie, for half a day at most."""
    # Outside a transaction, as with a signature: the certificate behind the passkey is asked about.
    known = passkeys.recognise(body.challenge_id, body.credential, cookies.browser_token())
    device = browser(body.device)
    opened = unit_of_work(lambda: passkeys.log_in(body.challenge_id, known, device))
    answer = json(LoggedIn(session_id=opened.session_id))
    cookies.set_session(answer, opened.token, opened.device, rules.LONGEST_BY_PASSKEY)
    return answer


@api.post("/auth/confirmations", allow=SIGNED_IN, takes=ConfirmationIn, gives=ConfirmationOut, status=201)
def ask_confirmation(body: ConfirmationIn) -> ConfirmationOut:
    """Begin to confirm one action with a passkey. A confirmation is never a signature."""
    asked = confirmations.ask(current_actor(), body.action, body.subject_id)
    return ConfirmationOut(id=asked.id, document=b64encode(asked.document).decode(), options=asked.options)


@api.post(
    "/auth/confirmations/<confirmation_id>", allow=SIGNED_IN, takes=ConfirmationAnswer, gives=Confirmed, writes=False
)
def answer_confirmation(confirmation_id: str, body: ConfirmationAnswer) -> Confirmed:
    """The passkey's answer; afterwards the confirmation serves once, for two minutes."""
    actor = current_actor()
    known = confirmations.judge(actor, confirmation_id, body.credential)
    unit_of_work(lambda: confirmations.confirm(actor, confirmation_id, known, body.credential))
    return Confirmed(id=confirmation_id)
