import { parseArgs } from "node:util";
import { type AssetOptions, SMALL_PAGE, WHOLE_PAGE } from "../../../e2e/support/page-with-assets.ts";

export const CASES = ["cold", "originDown", "video", "mainThread"] as const;
export type Case = (typeof CASES)[number];

export interface WholePageOptions {
  readonly runs: number;
  readonly cases: readonly Case[];
  readonly page: AssetOptions;
  readonly viewers: number;
  /** Loads of each kind whose main thread is looked at. */
  readonly loads: number;
}

const USAGE = `Options:
  --runs N       how often everything is measured (3)
  --cases NAME   run only these parts, separated by commas: ${CASES.join(", ")}
  --viewers N    who come together (5)
  --quick        a page of 6 MB in 40 files, 3 viewers, one run: a quick look`;

/** Reads the command line; a mistake ends the program with the list of options. */
export function wholePageOptions(): WholePageOptions {
  try {
    const { values } = parseArgs({
      options: {
        runs: { type: "string" },
        cases: { type: "string" },
        viewers: { type: "string" },
        quick: { type: "boolean", default: false },
      },
    });
    const { quick } = values;
    const named = values.cases?.split(",") ?? CASES;
    return {
      runs: whole(values.runs ?? (quick ? "1" : "3")),
      cases: named.map(caseNamed),
      page: quick ? SMALL_PAGE : WHOLE_PAGE,
      viewers: whole(values.viewers ?? (quick ? "3" : "5")),
      loads: quick ? 3 : 11,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return process.exit(2);
  }
}

function caseNamed(text: string): Case {
  const found = CASES.find((name) => name === text);
  if (found === undefined) throw new Error(`"${text}" is none of ${CASES.join(", ")}.`);
  return found;
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`"${text}" is no whole number of at least 1.`);
  return number;
}
