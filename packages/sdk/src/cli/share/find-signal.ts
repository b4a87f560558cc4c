import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import { parseSignal } from "../node/swarm-options.ts";

const MOST_MS = 5 * second;
const MOST_BYTES = 64 * 1024;

/**
 * The signaling server: as given, as the environment says, or as the link's page says in the `share.json` beside it.
 * @throws RivuletError `bad-option` when none of them does, `connection-failed` when the page cannot be asked.
 */
export async function findSignal({
  given,
  page,
}: {
  readonly given: string | undefined;
  readonly page: string | undefined;
}): Promise<string> {
  if (given !== undefined) return parseSignal(given, "--signal");
  const { RIVULET_SIGNAL: known } = process.env;
  if (known) return parseSignal(known, "RIVULET_SIGNAL");
  if (page === undefined)
    throw new RivuletError(
      "bad-option",
      "Which signaling server? Give --signal URL, set RIVULET_SIGNAL, or give the whole link with its page.",
    );
  return askPage(page);
}

async function askPage(page: string): Promise<string> {
  const url = URL.canParse("share.json", page) ? new URL("share.json", page) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new RivuletError("bad-option", `The link's page must be an http: or https: URL, not "${page}".`);
  const unknown = (why: string, cause?: unknown) =>
    new RivuletError(
      "connection-failed",
      `Which signaling server ${page} uses cannot be told: ${url} ${why}. Give --signal URL.`,
      { cause },
    );
  let text: string;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(MOST_MS) });
    if (!response.ok) throw unknown(`answered ${response.status}`);
    text = await response.text();
  } catch (cause) {
    throw cause instanceof RivuletError ? cause : unknown("cannot be reached", cause);
  }
  if (text.length > MOST_BYTES) throw unknown("is too long");
  try {
    const { signal } = JSON.parse(text) as { readonly signal?: unknown };
    if (typeof signal !== "string" || signal === "") throw new TypeError("There is no text called signal.");
    // A page that is served by the same host need not say which.
    return parseSignal(new URL(signal, url.href.replace(/^http/, "ws")).href, `${url}`);
  } catch (cause) {
    throw unknown("names none", cause);
  }
}
