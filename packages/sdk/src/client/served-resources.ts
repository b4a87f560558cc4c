import { globMatcher } from "../base/glob.ts";
import type { CheckedOptions } from "./options.ts";

/** Whether a resource comes through Rivulet, by its URL and, where it is known, its size in bytes. */
export type Serves = (url: string, sizeBytes?: number) => boolean;

/** What the site's owner does not leave to the browser. */
export function servedResources({
  include,
  exclude,
  minBytes,
}: Pick<CheckedOptions, "include" | "exclude" | "minBytes">): Serves {
  // A folder means what is in it: a URL that ends with a slash is no file's.
  const matcher = (globs: readonly string[]) =>
    globMatcher(globs.map((glob) => decoded(glob).replace(/\/$/, "/**")));
  const [isIncluded, isExcluded] = [matcher(include), matcher(exclude)];
  return (url, sizeBytes = minBytes) => {
    const path = decoded(new URL(url).pathname).slice(1);
    return sizeBytes >= minBytes && (include.length === 0 || isIncluded(path)) && !isExcluded(path);
  };
}

/** As people write it; what cannot be decoded stays as it is. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
