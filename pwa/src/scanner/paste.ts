/** Pasting: an image is a photo, text is a code. Fields keep their own pasting. */

export interface Pasted {
  onText(text: string): void;
  onImage(file: File): void;
}

export function listenToPaste({ onText, onImage }: Pasted): () => void {
  const paste = (event: ClipboardEvent): void => {
    const target = event.target;
    const typing = target instanceof HTMLElement && target.closest("input, textarea, [contenteditable]") !== null;
    const image = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith("image/"));
    if (image) {
      event.preventDefault();
      onImage(image);
      return;
    }
    const text = event.clipboardData?.getData("text/plain").trim();
    if (!text || typing) return;
    event.preventDefault();
    onText(text);
  };
  document.addEventListener("paste", paste);
  return () => document.removeEventListener("paste", paste);
}
