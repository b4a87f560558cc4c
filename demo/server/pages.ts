import { readFile } from "node:fs/promises";
import type { ChannelClock } from "./live/channel.ts";

/** What the pages say that is known only here. */
export interface PageFacts {
  readonly signalUrl: string;
  /** Of the gallery, seconds. */
  readonly patience: number;
  readonly clock: ChannelClock;
}

const PAGES = ["index.html", "gallery.html", "video.html", "live.html", "share.html"];

/** The pages' text, by URL path, from their templates in `directory`. */
export async function renderPages(directory: string, facts: PageFacts): Promise<Map<string, Uint8Array>> {
  const rendered = await Promise.all(
    PAGES.map(async (name) => {
      const template = await readFile(`${directory}${name}`, "utf8");
      return [`/${name}`, new TextEncoder().encode(fill(template, valuesOf(facts)))] as const;
    }),
  );
  return new Map([...rendered, ["/share.json", shareSettings(facts)] as const]);
}

/** What the sharing page asks for: its script is the same on every site. */
function shareSettings({ signalUrl }: PageFacts): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ signal: signalUrl }));
}

function valuesOf({ signalUrl, patience, clock }: PageFacts): Record<string, string> {
  const why = clock.kind === "none" ? clock.why : "";
  return { signal: signalUrl, "patience-ms": String(patience * 1000), clock: clock.kind, "no-clock": why };
}

/** Replaces each `{{name}}`, as text: a program's last words are not markup. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{([a-z-]+)\}\}/g, (_, name: string) => escapeHtml(values[name] ?? ""));
}

function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => names[character] ?? character);
}
