/** What happened meanwhile, said quietly and never over a scan or a verdict, except that goods turned out refused. */

import { signal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import css from "./app.module.css";
import { t } from "./i18n";
import { open, showing } from "./store/checking";
import { refined } from "./store/rechecks";
import { applyUpdate, updateReady } from "./store/update";
import { Chip } from "./ui/chip";

const updateClosed = signal(false);

export function Notices(): JSX.Element {
  const { path, route } = useLocation();
  const news = refined.value;
  const calm = showing.value.length === 0;
  const stop = news?.stops.at(-1);
  const read = (): void => {
    refined.value = null;
  };
  return (
    <div class={css.notices}>
      {stop && news && (
        <Chip
          grave
          text={t("app.refined_stop", { count: news.stops.length })}
          action={t("app.show")}
          onAction={() => {
            read();
            route(news.stops.length === 1 ? "/" : "/history");
            if (news.stops.length === 1) open(stop);
          }}
          onClose={read}
        />
      )}
      {news && !stop && calm && (
        <Chip
          text={t("app.refined", { count: news.count })}
          action={t("app.show")}
          onAction={() => {
            read();
            route("/history");
          }}
          onClose={read}
        />
      )}
      {updateReady.value && !updateClosed.value && calm && path !== "/" && (
        <Chip text={t("app.update")} action={t("app.update_now")} onAction={applyUpdate} onClose={() => (updateClosed.value = true)} />
      )}
    </div>
  );
}
