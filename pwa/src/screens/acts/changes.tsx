/** What a correction changed, before and after. */

import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import type { Change } from "../../api/act-life";
import { t } from "../../i18n";
import css from "./changes.module.css";
import { subject, value } from "./correction";

/** What stood and what stands, told apart by words and not by colour alone. */
export function ChangeList({ act, changes }: { act: Act; changes: readonly Change[] }): JSX.Element {
  return (
    <dl class={css.changes}>
      {changes.map((change) => (
        <div key={`${change.what}${change.goods ?? ""}`}>
          <dt>{subject(change, act)}</dt>
          <dd>
            <del>
              <span class="visually-hidden">{t("acts.was")} </span>
              {value(change, "before")}
            </del>{" "}
            <span aria-hidden="true">→</span>{" "}
            <ins>
              <span class="visually-hidden">{t("acts.became")} </span>
              {value(change, "after")}
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
