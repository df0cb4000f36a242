/** A button that lets a file be chosen, or a photo be taken. */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "./button";
import type { IconName } from "./icons";

interface FileButtonProps {
  children: string;
  icon: IconName;
  /** As HTML has it: "image/*", ".csv,.xlsx". What was chosen is judged by its content all the same. */
  accept: string;
  /** The camera that points away from the person opens at once, where there is one. */
  camera?: boolean;
  several?: boolean;
  kind?: "primary" | "secondary";
  busy?: boolean;
  disabled?: boolean;
  onChoose: (files: File[]) => void;
}

export function FileButton({ children, icon, accept, camera, several, kind, busy, disabled, onChoose }: FileButtonProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const chosen = (from: HTMLInputElement): void => {
    const files = [...(from.files ?? [])];
    // The same file chosen again must be heard again.
    from.value = "";
    if (files.length > 0) onChoose(files);
  };
  return (
    <>
      <Button icon={icon} {...(kind && { kind })} {...(busy && { busy })} {...(disabled && { disabled })} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        multiple={several}
        {...(camera && { capture: "environment" })}
        aria-hidden="true"
        tabIndex={-1}
        onChange={(event) => chosen(event.currentTarget)}
      />
    </>
  );
}
