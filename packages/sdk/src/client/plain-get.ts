/** A request that peers could answer as well as the origin. */
export interface PlainGet {
  readonly url: string;
  readonly range: string | null;
  readonly signal: AbortSignal | undefined;
}

/** The parts of a request that peers could answer; undefined for one that only the origin can. */
export function plainGet(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  pageUrl: string,
): PlainGet | undefined {
  const request = input instanceof Request ? input : undefined;
  const method = init?.method ?? request?.method ?? "GET";
  // `no-store` and `reload` ask for the origin's own bytes; `integrity` is checked by the browser's fetch over the whole.
  const cache = init?.cache ?? request?.cache ?? "default";
  const integrity = init?.integrity ?? request?.integrity ?? "";
  if (method.toUpperCase() !== "GET" || cache === "no-store" || cache === "reload" || integrity !== "")
    return undefined;
  const headers = new Headers(init?.headers ?? request?.headers);
  const range = headers.get("range");
  headers.delete("range");
  headers.delete("accept");
  // Any other header may change what the origin would answer.
  if ([...headers.keys()].length > 0) return undefined;
  return {
    url: new URL(request?.url ?? String(input), pageUrl).href,
    range,
    signal: init?.signal ?? request?.signal,
  };
}
