import { normalizePath } from "../content/url-path.ts";

/** One string for all ways to write the same URL, without its fragment. */
export function keyOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return origin + normalizePath(pathname) + search;
}
