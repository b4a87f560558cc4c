// A whole page of 100 assets with and without Rivulet: copies that leave the origin, time until complete, main-thread work.
import { makeAssets } from "../e2e/support/page-with-assets.ts";
import { openSite, type Site } from "../e2e/support/page-with-assets-stage.ts";
import { HOME_LINE } from "./support/video-stage.ts";
import { coldCase } from "./support/whole-page/cold.ts";
import { mainThreadCase } from "./support/whole-page/main-thread.ts";
import { CASES, type Case, type WholePageOptions, wholePageOptions } from "./support/whole-page/options.ts";
import { originDownCase } from "./support/whole-page/origin-down.ts";
import { videoCase } from "./support/whole-page/video.ts";
import { HAS_WORKER } from "./support/whole-page/visits.ts";

type Run = (site: Site, options: WholePageOptions) => Promise<Record<string, unknown>>;

const RUNS: Readonly<Record<Case, Run>> = {
  cold: coldCase,
  originDown: originDownCase,
  video: (_, options) => videoCase(options),
  mainThread: mainThreadCase,
};

async function main(): Promise<void> {
  const options = wholePageOptions();
  if (!HAS_WORKER) console.log("The build has no Service Worker: what needs it is left out.");
  const site = await openSite({ assets: makeAssets(options.page), line: HOME_LINE });
  const figures: Record<string, unknown> = {};
  try {
    for (const name of CASES.filter((name) => options.cases.includes(name)))
      Object.assign(figures, await RUNS[name](site, options));
  } finally {
    await site.close();
  }
  const { runs, viewers, page } = options;
  const { totalBytes } = site;
  console.log(
    JSON.stringify({
      bench: "whole-page",
      runs,
      viewers,
      assets: page.count,
      totalBytes,
      line: HOME_LINE,
      ...figures,
    }),
  );
}

await main();
