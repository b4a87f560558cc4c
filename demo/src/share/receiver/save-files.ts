import { html } from "../../panel/element.ts";

/** A browser reads a download on its own time; a minute is enough for it to begin. */
const KEPT_FOR_MS = 60_000;

/** Hands a file to the browser's own downloads. */
export function download(file: File, name: string): void {
  const url = URL.createObjectURL(file);
  html("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_FOR_MS);
}
