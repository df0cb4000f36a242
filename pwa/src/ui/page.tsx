/** A page below the shell: its heading takes the focus when it opens, so that a screen reader knows where it is. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";
import css from "./page.module.css";
import { pageTitle } from "./title";

interface PageProps {
  title: string;
  /** One sentence under the heading. */
  lead?: string | undefined;
  /** Where the arrow leads, and what it says. */
  back?: { href: string; text: string } | undefined;
  /** Buttons beside the heading. */
  actions?: ComponentChildren;
  /** Stands over the heading: where one is on a longer way. */
  over?: ComponentChildren;
  /** Two panes need more room than text does. */
  wide?: boolean;
  children: ComponentChildren;
}

export function Page({ title, lead, back, actions, over, wide, children }: PageProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
    return () => void (pageTitle.value = "");
  }, []);
  useEffect(() => void (pageTitle.value = title), [title]);
  return (
    <div class={`${css.page} ${wide ? css.wide : ""}`}>
      {back && (
        <a class={css.back} href={back.href}>
          <Icon name="back" size={20} />
          {back.text}
        </a>
      )}
      {over}
      <header class={css.head}>
        <div class={css.titles}>
          <h1 ref={heading} tabIndex={-1} class={css.title}>
            {title}
          </h1>
          {lead && <p class={css.lead}>{lead}</p>}
        </div>
        {actions && <div class={css.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  title?: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A part of a page with its own heading. */
export function Section({ title, actions, children }: SectionProps): JSX.Element {
  return (
    <section class={css.section}>
      {title && (
        <div class={css.head}>
          <h2>{title}</h2>
          {actions && <div class={css.actions}>{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}

/** Pairs of a name and a value. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }): JSX.Element {
  return (
    <dl class={css.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
