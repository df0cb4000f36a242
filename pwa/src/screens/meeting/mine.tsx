/** The buyer's side: a big code that says who and where, and the act on the same screen a moment after it was sent. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ActRow } from "../../api/acts";
import { formatTime, lang, t } from "../../i18n";
import { signalTone, unlockSound, useAwake } from "../../scanner";
import { keepForOffline } from "../../store/acts";
import { useAttempt } from "../../store/attempt";
import { came, freshCode, type KeptCode, recallCode, watchNews } from "../../store/meeting";
import { online, onReconnect } from "../../store/network";
import { options, reached, usePlaces } from "../../store/places";
import { me } from "../../store/session";
import { Select } from "../../ui/field";
import { Icon } from "../../ui/icons";
import { Page } from "../../ui/page";
import { Qr } from "../../ui/qr";
import { Failure, Loading, OfflineNote } from "../../ui/states";
import css from "./meeting.module.css";

/** Milliseconds that a code is shown before the next one takes its place: it holds for ten minutes. */
const SHOWN_FOR = 8 * 60_000;

export function Mine({ back }: { back: { href: string; text: string } }): JSX.Element {
  const kept = useSignal<KeptCode | null>(null);
  const fresh = useSignal(false);
  const { failure, run } = useAttempt();
  const load = (place: string | null): Promise<boolean> =>
    run(async () => {
      kept.value = await freshCode(place);
      fresh.value = true;
    });
  const again = (): void => void load(kept.value?.place ?? null);
  useEffect(() => {
    void recallCode().then((found) => {
      if (found && !kept.value) kept.value = found;
      again();
    });
    const timer = setInterval(() => document.visibilityState === "visible" && again(), SHOWN_FOR);
    const stop = onReconnect(again);
    const wake = (): void => {
      if (document.visibilityState === "visible" && over(kept.value)) again();
    };
    document.addEventListener("visibilitychange", wake);
    return () => {
      clearInterval(timer);
      stop();
      document.removeEventListener("visibilitychange", wake);
    };
  }, []);
  useEffect(() => unlockSound(), []);
  useEffect(() => watchNews(arrived), []);
  useAwake(true);
  const own = me.value?.organisation;
  const mine = kept.value;
  // A code of the server's is over after ten minutes; the standing one never is, and serves where nobody can be asked.
  const standing = !online.value || (!fresh.value && over(mine)) || Boolean(failure);
  return (
    <Page title={t("meeting.title")} lead={t("meeting.lead")} back={back} wide>
      {mine && standing && <OfflineNote text={t("meeting.standing_text")} />}
      {!mine && failure && <Failure code={failure.code} params={failure.params} onRetry={again} />}
      {!mine && !failure && <Loading rows={4} />}
      {own && (
        <div class={css.mine}>
          <div class={css.shown}>
            <div role="alert" class={css.alert}>
              {came.value.length > 0 && <Came />}
            </div>
            {mine && <Qr rows={(standing ? mine.code.standing : mine.code.code).qr} label={t("meeting.qr_label", { name: own.names[lang.value] })} />}
            <p class={css.who}>{own.names[lang.value]}</p>
            <p class={css.number}>{own.bin}</p>
            {came.value.length === 0 && <p class={css.quiet}>{t(online.value ? "meeting.waiting" : "meeting.waiting_offline")}</p>}
          </div>
          <div class={css.side}>
            {mine && <Where place={mine.place} onChange={(place) => void load(place)} />}
          </div>
        </div>
      )}
    </Page>
  );
}

function over(kept: KeptCode | null): boolean {
  return kept === null || Date.parse(kept.code.expires_at) - Date.now() < 60_000;
}

/** Heard and felt without looking; what it holds comes onto the device at once. */
function arrived(act: ActRow): void {
  signalTone("ok");
  void keepForOffline([act]);
  scrollTo({ top: 0 });
}

function Came(): JSX.Element {
  return (
    <div class={css.came}>
      {came.value.map((act) => (
        <a key={act.id} href={`/acts/${act.id}`}>
          <Icon name="handshake" size={36} />
          <span>
            <strong>{t("meeting.came", { number: act.number })}</strong>
            <span>
              {act.sender.names?.[lang.value] ?? act.sender.name} · {t("acts.units", { count: act.units })}
              {act.sent_at && ` · ${formatTime(act.sent_at)}`}
            </span>
          </span>
          <Icon name="done" />
        </a>
      ))}
    </div>
  );
}

/** Where the goods shall lie: the seller's act says so. Nothing to choose where there is one place or none. */
function Where({ place, onChange }: { place: string | null; onChange: (place: string | null) => void }): JSX.Element | null {
  const own = reached(usePlaces());
  if (own.length === 0) return null;
  const offered = [{ value: "", text: t("acts.no_place") }, ...options(own, lang.value)];
  return <Select label={t("meeting.place")} value={place ?? ""} options={offered} onChange={(value) => onChange(value || null)} />;
}
