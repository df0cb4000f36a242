/** Places of activity: the list, and beside it the one that is being written. */

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { type Place, places } from "../../api/organisation";
import { lang, t } from "../../i18n";
import { online } from "../../store/network";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { Badge, List, Row } from "../../ui/list";
import { Page } from "../../ui/page";
import { Empty, Failure, Loading, OfflineNote } from "../../ui/states";
import { useLoaded } from "./loaded";
import css from "./organisation.module.css";
import { PlacePane } from "./place";

export function PlacesPage({ id }: { id: string | null }): JSX.Element {
  const { value, failure, again } = useLoaded(places);
  const all = value.value;
  const back = id ? { href: "/organisation/places", text: t("organisation.places") } : { href: "/organisation", text: t("organisation.title") };
  const add = (
    <Button kind="primary" icon="plus" href="/organisation/places/new">
      {t("organisation.add_place")}
    </Button>
  );
  return (
    <Page wide title={t("organisation.places")} back={back} actions={can("organisation:edit") && id === null ? add : undefined}>
      {!online.value && <OfflineNote />}
      {failure && <Failure code={failure.code} params={failure.params} onRetry={again} />}
      {!all && !failure && <Loading rows={3} />}
      {all && (
        <div class={css.panes} data-open={id !== null}>
          <div class={css.side}>{all.length > 0 ? <Listed all={all} current={id} /> : <Empty text={t("organisation.places_empty")} />}</div>
          <div class={css.detail}>
            <Pane id={id} value={value as Signal<Place[]>} />
          </div>
        </div>
      )}
    </Page>
  );
}

function Listed({ all, current }: { all: readonly Place[]; current: string | null }): JSX.Element {
  return (
    <List label={t("organisation.places")}>
      {all.map((one) => (
        <Row
          key={one.id}
          href={`/organisation/places/${one.id}`}
          icon="place"
          title={one.names[lang.value]}
          text={`${t(`organisation.place_${one.kind}`)} · ${one.address.locality}, ${one.address.line}`}
          current={one.id === current}
          side={<PlaceBadge place={one} />}
        />
      ))}
    </List>
  );
}

function Pane({ id, value }: { id: string | null; value: Signal<Place[]> }): JSX.Element {
  const took = (next: Place[]): void => void (value.value = next);
  if (id === "new") return <PlacePane key="new" row={null} took={took} />;
  const row = value.value.find((one) => one.id === id);
  if (row) return <PlacePane key={`${row.id} ${row.version} ${row.blocked}`} row={row} took={took} />;
  return id ? <Failure code="organisations.place_unknown" /> : <p class={css.choose}>{t("organisation.choose_place")}</p>;
}

function PlaceBadge({ place }: { place: Place }): JSX.Element | null {
  if (place.blocked) return <Badge tone="stop">{t("organisation.place_blocked")}</Badge>;
  return place.main ? <Badge tone="brand">{t("organisation.main")}</Badge> : null;
}
