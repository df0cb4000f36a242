/** Form fields: a visible label, a hint, and an error that is tied to the field it speaks of. */

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import css from "./field.module.css";
import { Icon } from "./icons";

interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string | undefined;
  /** What is wrong with this field and how to mend it. */
  error?: string | undefined;
  type?: "text" | "email" | "tel" | "password" | "date" | "number" | "url" | "search";
  name?: string;
  /** As HTML names it: "email", "tel", "organization", "off". */
  autocomplete?: string;
  inputMode?: "text" | "numeric" | "tel" | "email" | "url" | "decimal";
  maxLength?: number;
  min?: string;
  max?: string;
  required?: boolean;
  disabled?: boolean;
  placeholder?: string;
  /** A button or a unit inside the frame, at its end. */
  after?: ComponentChildren;
}

export function Field(props: FieldProps): JSX.Element {
  const { label, value, onInput, hint, error, type = "text", required, after, autocomplete = "off", ...rest } = props;
  const id = useId();
  // The types of HTML know every kind of input apart; here the kind is a value.
  const kind = { ...rest, type, autocomplete } as JSX.IntrinsicElements["input"];
  return (
    <Framed id={id} label={label} hint={hint} error={error} required={required}>
      <div class={css.frame} data-wrong={Boolean(error)}>
        <input
          {...kind}
          id={id}
          class={css.input}
          value={value}
          required={required}
          aria-invalid={error ? true : undefined}
          aria-describedby={described(id, hint, error)}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        {after}
      </div>
    </Framed>
  );
}

interface TextAreaProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string | undefined;
  error?: string | undefined;
  rows?: number;
  maxLength?: number;
  required?: boolean;
}

export function TextArea({ label, value, onInput, hint, error, rows = 3, maxLength, required }: TextAreaProps): JSX.Element {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint} error={error} required={required}>
      <div class={css.frame} data-wrong={Boolean(error)}>
        <textarea
          id={id}
          class={css.input}
          rows={rows}
          maxLength={maxLength}
          value={value}
          required={required}
          aria-invalid={error ? true : undefined}
          aria-describedby={described(id, hint, error)}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </div>
    </Framed>
  );
}

export interface Option<Value extends string> {
  value: Value;
  text: string;
  hint?: string;
}

interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  hint?: string | undefined;
  error?: string | undefined;
  required?: boolean;
}

export function Select<Value extends string>({ label, value, options, onChange, hint, error, required }: SelectProps<Value>): JSX.Element {
  const id = useId();
  return (
    <Framed id={id} label={label} hint={hint} error={error} required={required}>
      <div class={css.frame} data-wrong={Boolean(error)}>
        <select
          id={id}
          class={css.input}
          value={value}
          aria-invalid={error ? true : undefined}
          aria-describedby={described(id, hint, error)}
          onChange={(event) => onChange(event.currentTarget.value as Value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      </div>
    </Framed>
  );
}

interface CheckProps {
  label: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
}

export function Check({ label, checked, onChange, hint, error, disabled }: CheckProps): JSX.Element {
  const id = useId();
  return (
    <div class={css.check}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  /** What is being chosen. */
  legend: string;
  value: Value | null;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  error?: string | undefined;
}

/** One of a few, each explained; for two or three short words use Segmented. */
export function Choice<Value extends string>({ legend, value, options, onChange, error }: ChoiceProps<Value>): JSX.Element {
  const id = useId();
  return (
    <fieldset class={css.choice} aria-describedby={described(id, undefined, error)} data-wrong={Boolean(error)}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} class={css.option} data-chosen={option.value === value}>
          <input type="radio" name={id} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>
            <span class={css.optionText}>{option.text}</span>
            {option.hint && <span class={css.optionHint}>{option.hint}</span>}
          </span>
        </label>
      ))}
      <Notes id={id} hint={undefined} error={error} />
    </fieldset>
  );
}

interface ChoicesProps<Value extends string> {
  legend: string;
  values: readonly Value[];
  options: readonly Option<Value>[];
  onChange: (values: Value[]) => void;
  hint?: string | undefined;
  error?: string | undefined;
}

/** Any number of a few, each explained. */
export function Choices<Value extends string>({ legend, values, options, onChange, hint, error }: ChoicesProps<Value>): JSX.Element {
  const id = useId();
  const turned = (value: Value): Value[] =>
    values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return (
    <fieldset class={css.choice} aria-describedby={described(id, hint, error)} data-wrong={Boolean(error)}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} class={css.option} data-chosen={values.includes(option.value)}>
          <input type="checkbox" checked={values.includes(option.value)} onChange={() => onChange(turned(option.value))} />
          <span>
            <span class={css.optionText}>{option.text}</span>
            {option.hint && <span class={css.optionHint}>{option.hint}</span>}
          </span>
        </label>
      ))}
      <Notes id={id} hint={hint} error={error} />
    </fieldset>
  );
}

/** Moves the focus to the first field of a form that says it is wrong; call it once the errors are on screen. */
export function focusWrong(form: HTMLElement | null): void {
  form?.querySelector<HTMLElement>("[aria-invalid=true], fieldset[data-wrong=true] input")?.focus();
}

interface FramedProps {
  id: string;
  label: string;
  hint: string | undefined;
  error: string | undefined;
  required: boolean | undefined;
  children: ComponentChildren;
}

function Framed({ id, label, hint, error, required, children }: FramedProps): JSX.Element {
  return (
    <div class={css.field}>
      <label class={css.label} for={id}>
        {label}
        {required && (
          <span class={css.star} aria-hidden="true">
            {" *"}
          </span>
        )}
      </label>
      {children}
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

function Notes({ id, hint, error }: { id: string; hint: string | undefined; error: string | undefined }): JSX.Element {
  return (
    <>
      {hint && (
        <p id={`${id}-hint`} class={css.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} class={css.error} role="alert">
          <Icon name="alert" size={18} />
          {error}
        </p>
      )}
    </>
  );
}

function described(id: string, hint: string | undefined, error: string | undefined): string | undefined {
  return [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
}
