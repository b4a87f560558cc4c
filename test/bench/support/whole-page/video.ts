import type { Page } from "puppeteer-core";
import {
  type AssetPage,
  openSite,
  type Site,
  type Visitor,
} from "../../../e2e/support/page-with-assets-stage.ts";
import { figure, printTable, sum, told } from "../figures.ts";
import { pause } from "../swarm-round.ts";
import { HOME_LINE } from "../video-stage.ts";
import { wholeFilm } from "./film.ts";
import type { WholePageOptions } from "./options.ts";
import { HAS_WORKER, land } from "./visits.ts";

/** Where the viewer jumps to, of the film's duration. */
const PLACES = [0.9, 0.1, 0.5, 0.75, 0.25, 0.95, 0.4, 0.6, 0.05, 0.85];
/** A jump that has no picture by then counts as one that never had, ms. */
const SEEKED_WITHIN_MS = 15_000;
/** The pieces that came last are stored, and told of, by then, ms. */
const STORED_WITHIN_MS = 2000;

/** How one viewer's jumps went. */
interface Watched {
  /** From setting `currentTime` to `seeked`, ms. */
  readonly seekMs: readonly number[];
  /** From the navigation's start until the film could play, ms. */
  readonly canPlayMs: number;
  readonly originBytes: number;
}

/** A film in a plain `<video src>`, of which one peer has everything: how long jumps take, ÷ a page without Rivulet. */
export async function videoCase(options: WholePageOptions): Promise<Record<string, unknown>> {
  const site = await openSite({ assets: [wholeFilm()], line: HOME_LINE });
  try {
    const plain: Watched[] = [];
    const rivulet: Watched[] = [];
    let wrong = 0;
    const complete = HAS_WORKER ? await completePeer(site) : undefined;
    for (let run = 0; run < options.runs; run++) {
      const sides = [
        async () => void plain.push(await watch(site, "plain")),
        async () => {
          if (!complete) return;
          const watched = await watch(site, "unmarked", async (page) => {
            if ((await page.right()).length !== site.assets.length) wrong++;
          });
          rivulet.push(watched);
        },
      ];
      for (const side of run % 2 === 0 ? sides : sides.reverse()) await side();
    }
    await complete?.close();
    printTable(
      ["A film of 20 MB, ten jumps", "jump, ms", "slowest, ms", "can play, ms", "from the origin, MB"],
      [
        { name: "plain", list: plain },
        { name: "Rivulet", list: rivulet },
      ].map(({ name, list }) => [
        name,
        told(list.flatMap(({ seekMs }) => seekMs)),
        told(list.map(({ seekMs }) => Math.max(...seekMs))),
        told(list.map(({ canPlayMs }) => canPlayMs)),
        told(list.map(({ originBytes }) => originBytes / 1e6)),
      ]),
    );
    /** Run by run, place by place. */
    const ratios = rivulet.flatMap(({ seekMs }, run) =>
      seekMs.map((ms, i) => ms / (plain[run]?.seekMs[i] ?? ms)),
    );
    const totals = rivulet.map(({ seekMs }, run) => sum(seekMs) / sum(plain[run]?.seekMs ?? seekMs));
    return {
      ...figure(
        "seekPlainMs",
        plain.flatMap(({ seekMs }) => seekMs),
      ),
      ...figure(
        "seekMs",
        rivulet.flatMap(({ seekMs }) => seekMs),
      ),
      ...figure("seekRatio", ratios),
      ...figure("seekTotalRatio", totals),
      ...figure(
        "canPlayRatio",
        rivulet.map(({ canPlayMs }, run) => canPlayMs / (plain[run]?.canPlayMs ?? canPlayMs)),
      ),
      ...figure(
        "videoOriginBytes",
        rivulet.map(({ originBytes }) => originBytes),
      ),
      ...(complete ? { videoWrong: wrong } : {}),
    };
  } finally {
    await site.close();
  }
}

async function completePeer(site: Site): Promise<Visitor> {
  const visitor = await site.visitor();
  await land(visitor);
  const page = await visitor.open("unmarked");
  await page.done();
  await page.right();
  await pause(STORED_WITHIN_MS);
  return visitor;
}

async function watch(
  site: Site,
  variant: "plain" | "unmarked",
  afterwards?: (page: AssetPage) => Promise<void>,
): Promise<Watched> {
  const visitor = await site.visitor();
  try {
    if (variant === "unmarked") await land(visitor);
    const page = await visitor.open(variant);
    const { completeMs } = await page.done();
    const seekMs = await jumps(page.page);
    const originBytes = site.assetBytes(visitor);
    console.log(
      `${variant}: can play ${completeMs.toFixed(0)} ms; jumps ${seekMs.map(Math.round).join(" ")} ms`,
    );
    await afterwards?.(page);
    return { seekMs, canPlayMs: completeMs, originBytes };
  } finally {
    await visitor.close();
  }
}

function jumps(page: Page): Promise<number[]> {
  return page.evaluate(
    async (places, withinMs) => {
      const video = document.querySelector("video");
      if (!video) throw new Error("The page has no video.");
      const took: number[] = [];
      for (const place of places) {
        const startedAt = performance.now();
        const seeked = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
        video.currentTime = place * video.duration;
        await Promise.race([seeked, new Promise((resolve) => setTimeout(resolve, withinMs))]);
        took.push(performance.now() - startedAt);
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      return took;
    },
    PLACES,
    SEEKED_WITHIN_MS,
  );
}
