/** What stands around every screen: the bar above, and the sections below or at the left. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import css from "./app.module.css";
import { unread, unsent } from "./badge";
import { t } from "./i18n";
import { close } from "./store/checking";
import { online } from "./store/network";
import { queued } from "./store/rechecks";
import { signedIn } from "./store/session";
import { Icon, type IconName, Tamga } from "./ui/icons";
import { Languages } from "./ui/languages";

export function Bar(): JSX.Element {
  const { path } = useLocation();
  return (
    <header class={css.bar}>
      <a class={css.brand} href="/" aria-label={t("app.name")}>
        <Tamga class={css.tamga} />
        <span class={css.name}>{t("app.name")}</span>
      </a>
      {!online.value && (
        <span class={css.offline} role="status">
          <Icon name="offline" size={20} />
          <span class={css.offlineText}>
            {queued.value > 0 ? t("app.offline_queued", { count: queued.value }) : t("app.offline")}
          </span>
        </span>
      )}
      <div class={css.ends}>
        {unsent.value > 0 && (
          <a class={css.unsent} href="/outbox" onClick={close} aria-label={t("app.unsent", { count: unsent.value })}>
            <Icon name="renew" size={20} />
            {unsent.value}
          </a>
        )}
        {!signedIn.value && path !== "/login" && (
          <a class={css.enter} href="/login" onClick={close}>
            {t("app.sign_in")}
          </a>
        )}
        <Languages />
      </div>
    </header>
  );
}

/** Sections that everybody has; all other addresses belong to the cabinet. */
const EVERYBODYS = new Set(["/", "/v", "/share", "/history", "/help", "/login", "/register", "/mailbox"]);

export function Sections(): JSX.Element {
  const { path } = useLocation();
  const inside = signedIn.value && !EVERYBODYS.has(path) && !path.startsWith("/01/");
  return (
    <nav class={css.sections} aria-label={t("app.nav")}>
      <Section href="/history" icon="history" text={t("app.history")} />
      <Section href="/" icon="scan" text={t("app.scan")} main />
      {signedIn.value && <Section href="/home" icon="home" text={t("app.home")} within={inside} count={unread.value} />}
      <Section href="/help" icon="help" text={t("app.help")} spare={signedIn.value} />
    </nav>
  );
}

interface SectionProps {
  href: string;
  icon: IconName;
  text: string;
  /** The one in the middle. */
  main?: boolean;
  /** Stands only where there is room; elsewhere it is reached from the cabinet. */
  spare?: boolean;
  /** The screen shown lies behind this section. */
  within?: boolean;
  /** What waits there unread. */
  count?: number;
}

function Section({ href, icon, text, main = false, spare = false, within = false, count = 0 }: SectionProps): JSX.Element {
  const { path } = useLocation();
  const classes = [css.section, main && css.main, spare && css.spare].filter(Boolean).join(" ");
  return (
    <a href={href} class={classes} aria-current={path === href ? "page" : within ? "true" : undefined} onClick={close}>
      <span class={css.sectionIcon}>
        <Icon name={icon} size={main ? 30 : 24} />
        {count > 0 && <span class={css.count}>{count > 99 ? "99+" : count}</span>}
      </span>
      <span>{text}</span>
      {count > 0 && <span class="visually-hidden">{t("app.unread", { count })}</span>}
    </a>
  );
}
