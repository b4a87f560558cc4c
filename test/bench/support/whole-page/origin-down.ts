import type { Site } from "../../../e2e/support/page-with-assets-stage.ts";
import { figure, printTable, rounded, told } from "../figures.ts";
import { pause } from "../swarm-round.ts";
import type { WholePageOptions } from "./options.ts";
import { HAS_WORKER, land } from "./visits.ts";

/** The pieces that came last are stored, and told of, by then, ms. */
const STORED_WITHIN_MS = 2000;

/** After so long the page counts as one that was never complete, ms. */
const COMPLETE_WITHIN_MS = 60_000;

/** One viewer has everything, and the origin answers 503 to whoever asks for an asset: what a newcomer gets. */
export async function originDownCase(
  site: Site,
  options: WholePageOptions,
): Promise<Record<string, unknown>> {
  if (!HAS_WORKER) return {};
  const shares: number[] = [];
  const times: number[] = [];
  const refused: number[] = [];
  for (let run = 0; run < options.runs; run++) {
    const [first, second] = [await site.visitor(), await site.visitor()];
    await Promise.all([land(first), land(second)]);
    const complete = await first.open("unmarked");
    await complete.done();
    // What an element was not given whole, a player's for one, is fetched now.
    await complete.right();
    await pause(STORED_WITHIN_MS);
    site.setAssetsDown(true);
    site.origin.log.reset();
    const page = await second.open("unmarked");
    const { completeMs } = await page.done(COMPLETE_WITHIN_MS);
    const right = await page.right();
    const missing = site.assets.flatMap(({ path }) => (right.includes(path) ? [] : [path]));
    console.log(
      `run ${run + 1}, origin down: ${right.length} of ${site.assets.length} right, page ${completeMs.toFixed(0)} ms; missing: ${missing.join(" ") || "none"}`,
    );
    shares.push(right.length / site.assets.length);
    times.push(completeMs);
    refused.push(site.assetRequests());
    site.setAssetsDown(false);
    await first.close();
    await second.close();
  }
  printTable(
    ["Origin answers 503", "right ÷ all", "page, s"],
    [["one complete peer", told(shares), told(times.map((ms) => ms / 1000))]],
  );
  return {
    ...figure("originDownRight", shares),
    originDownRightLeast: rounded(Math.min(...shares)),
    ...figure("originDownPageMs", times),
    ...figure("originDownRefused", refused),
  };
}
