import { RivuletError } from "../../packages/sdk/src/base/errors.ts";
import { nearestName } from "../../packages/sdk/src/base/nearest-name.ts";

const PAGES = ["gallery", "video", "live"] as const;

export type DemoPage = (typeof PAGES)[number];

export interface DemoOptions {
  readonly help: boolean;
  /** Port of the pages; undefined takes 8080, or a free one when that is in use. */
  readonly port: number | undefined;
  /** How many headless viewers to open; with 0 the demo waits for yours. */
  readonly viewers: number;
  /** The page that they open. */
  readonly page: DemoPage;
  /** Whether all viewers start at once, rather than the first one alone until it is complete. */
  readonly together: boolean;
  /** How long the gallery's files wait for other viewers, seconds. */
  readonly patience: number;
}

export const MAX_VIEWERS = 12;
/** How long the gallery's files wait for other viewers, seconds. */
export const DEFAULT_PATIENCE = 3;

export const USAGE = `Usage: npm start -- [options]

Starts the demo: a site, and the signaling server that introduces its viewers to each other.

  --viewers N   open N headless viewers (1 to ${MAX_VIEWERS}), show who delivers what to whom, and exit
  --page NAME   what they open: gallery (default), video or live
  --together    start them all at once; otherwise the first one loads alone, then the others
  --patience S  how long the gallery's files wait for other viewers, in whole seconds (default: ${DEFAULT_PATIENCE})
  --port N      port of the site (default: 8080, or a free one when that is in use)
  --help        print this
`;

const OPTIONS = ["--viewers", "--page", "--together", "--patience", "--port", "--help"];

const DEFAULTS: DemoOptions = {
  help: false,
  port: undefined,
  viewers: 0,
  page: "gallery",
  together: false,
  patience: DEFAULT_PATIENCE,
};

/** @throws RivuletError `bad-option`, in one line. */
export function readOptions(args: readonly string[]): DemoOptions {
  let options = DEFAULTS;
  const queue = [...args];
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    const [, name = arg, attached] = /^(--[^=]+)=(.*)$/s.exec(arg) ?? [];
    const value = (): string => {
      const text = attached ?? queue.shift();
      if (text === undefined || text === "") throw bad(`${name} needs a value`);
      return text;
    };
    const alone = (): true => {
      if (attached !== undefined) throw bad(`${name} takes no value`);
      return true;
    };
    switch (name) {
      case "--help":
      case "-h":
        options = { ...options, help: alone() };
        break;
      case "--together":
        options = { ...options, together: alone() };
        break;
      case "--viewers":
        options = { ...options, viewers: whole(name, value(), 1, MAX_VIEWERS) };
        break;
      case "--patience":
        options = { ...options, patience: whole(name, value(), 0, 600) };
        break;
      case "--port":
        options = { ...options, port: whole(name, value(), 0, 65_535) };
        break;
      case "--page":
        options = { ...options, page: pageNamed(value()) };
        break;
      default:
        throw bad(`Unknown option ${name}${suggestion(nearestName(name, OPTIONS))}`);
    }
  }
  return options;
}

function pageNamed(text: string): DemoPage {
  const page = PAGES.find((name) => name === text);
  if (page) return page;
  throw bad(`--page is gallery, video or live, not "${text}"${suggestion(nearestName(text, PAGES))}`);
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw bad(`${name} is a whole number from ${least} to ${most}, not "${text}"`);
}

function suggestion(name: string | undefined): string {
  return name === undefined ? "" : `; did you mean ${name}?`;
}

function bad(message: string): RivuletError {
  return new RivuletError("bad-option", `${message.replace(/[^.?]$/, "$&.")} See npm start -- --help.`);
}
