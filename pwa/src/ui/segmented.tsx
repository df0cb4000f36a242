/** A row of choices of which exactly one holds; one tap switches. */

import type { JSX } from "preact";
import css from "./segmented.module.css";

interface Option<Value extends string> {
  value: Value;
  text: string;
  /** What is said instead of the short text, and in which language. */
  label?: string;
  lang?: string;
}

interface SegmentedProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  compact?: boolean;
}

export function Segmented<Value extends string>({ label, value, options, onChange, compact }: SegmentedProps<Value>): JSX.Element {
  return (
    <div class={`${css.row} ${compact ? css.compact : ""}`} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          type="button"
          key={option.value}
          class={css.choice}
          aria-pressed={option.value === value}
          aria-label={option.label}
          lang={option.lang}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}
