import { isBelowBase, MAX_PATH_LENGTH } from "@rivulet/sdk/content";
import { type Failure, failed } from "./failure.ts";

/** The URL of something that may be fetched. */
export interface Allowed {
  readonly type: "allowed";
  readonly url: URL;
}

/** The origins that an operator named: nothing else is ever asked, whoever wishes it. */
export class AllowedOrigins {
  readonly #origins: ReadonlySet<string>;

  /** Each as `URL.origin` writes it. */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  has(origin: string): boolean {
    return this.#origins.has(origin);
  }

  /** Reads a URL, absolute or relative to another. Its fragment is left out. */
  read(text: string, relativeTo?: URL): Allowed | Failure {
    if (!URL.canParse(text, relativeTo))
      return failed("url-malformed", `${quoted(text)} is no absolute URL.`);
    const url = new URL(text, relativeTo);
    url.hash = "";
    if (url.username !== "" || url.password !== "")
      return failed("url-malformed", "A URL with a user name or a password in it is not fetched.");
    if (!this.#origins.has(url.origin))
      return failed(
        "resource-origin-not-allowed",
        `${quoted(url.origin)} is none of the server's --origins: scheme, host and port must be the same.`,
      );
    return { type: "allowed", url };
  }
}

/**
 * The path by which a manifest lists a URL, relative to its origin and a slash. Undefined for what no manifest may
 * list: the origin's root, a path with an empty first segment, or one that is too long.
 */
export function listedPath({ pathname, search }: URL): string | undefined {
  const path = pathname.slice(1) + search;
  return path.length <= MAX_PATH_LENGTH && isBelowBase(path) ? path : undefined;
}

const MAX_QUOTED = 200;

/** What somebody sent, in a message: on one line, and short. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
