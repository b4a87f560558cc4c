/** What a request that peers could answer asks for. */
export interface Asked {
  readonly url: string;
  /** The Range header; null: the whole resource. */
  readonly range: string | null;
}

/** Headers that browsers add to a request of their own accord, and that no origin's answer to a file depends on. */
const HARMLESS = /^(accept|range$|user-agent$|referer$|origin$|sec-|priority$|purpose$|save-data$)/;

/** Undefined for what has to pass untouched: only the origin can answer it, or the page wants the origin's own answer. */
export function askedOf(request: Request, origin: string): Asked | undefined {
  const { method, mode, credentials, cache, headers, url } = request;
  if (method !== "GET" || mode === "navigate" || new URL(url).origin !== origin) return undefined;
  // Asked for in so many words. A same-origin element's request has it too, but that is not in mode `cors`.
  if (mode === "cors" && credentials === "include") return undefined;
  if (["no-store", "reload", "no-cache", "only-if-cached"].includes(cache)) return undefined;
  for (const name of headers.keys()) if (!HARMLESS.test(name)) return undefined;
  return { url, range: headers.get("range") };
}
