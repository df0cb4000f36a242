/** A list of which only what is in sight stands in the page: 50 000 rows scroll like fifty. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import css from "./long-list.module.css";
import { type Sight, sight } from "./sight";

interface LongListProps {
  label: string;
  count: number;
  /** One row; all are equally high. */
  row: (at: number) => JSX.Element;
  /** What tells rows apart. */
  name: (at: number) => string;
}

export function LongList({ label, count, row, name }: LongListProps): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  const high = useRef(0);
  const shown = useSignal<Sight>(sight(0, 0, 0, count));
  const look = (): void => {
    const element = list.current;
    if (!element) return;
    const first = element.firstElementChild as HTMLElement | null;
    if (first) high.current = first.offsetHeight;
    const next = sight(-element.getBoundingClientRect().top, innerHeight, high.current, count);
    const { from, to } = shown.peek();
    if (next.from !== from || next.to !== to) shown.value = next;
  };
  useEffect(() => {
    let frame = 0;
    const soon = (): void => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        look();
      });
    };
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", soon);
      removeEventListener("resize", soon);
    };
  }, [count]);
  useLayoutEffect(look, [count]);
  const { from } = shown.value;
  const to = Math.min(shown.value.to, count);
  // What is not drawn still takes its room, so that the scroll bar tells the truth.
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    element.style.paddingTop = `${from * high.current}px`;
    element.style.paddingBottom = `${Math.max(0, count - to) * high.current}px`;
  });
  const rows = Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
  return (
    <ul ref={list} class={css.list} aria-label={label}>
      {rows.map((at) => (
        <li key={name(at)} class={css.row} aria-setsize={count} aria-posinset={at + 1}>
          {row(at)}
        </li>
      ))}
    </ul>
  );
}
