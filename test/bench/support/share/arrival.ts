import type { Page } from "puppeteer-core";
import { waitFor } from "../../../e2e/support/wait-for.ts";
import { WARM_UP_BYTES } from "../bare-channel.ts";
import type { Arrival, BenchPage } from "./bench-page.ts";

declare const window: Window & BenchPage;

/**
 * Has a page open a link, and note when what is there; it does not wait for the end.
 * @param notes `end`: only when all is there. To look at the progress costs a page with very many files some of its time
 */
export async function openLink(
  page: Page,
  link: string,
  { signal, notes = "all" }: { readonly signal: string; readonly notes?: "all" | "end" },
): Promise<void> {
  await page.evaluate(
    (link, signal, notes, warmUpBytes) => {
      const arrival: Arrival = { openedAt: performance.now() };
      window.arrival = arrival;
      const follow = async () => {
        const received = await window.receive(link, { signal });
        window.received = received;
        const look = () => {
          const { doneBytes } = received.progress;
          if (doneBytes > 0) arrival.firstAt ??= performance.now();
          if (doneBytes < warmUpBytes) return;
          arrival.warmAt = performance.now();
          arrival.warmBytes = doneBytes;
          clearInterval(looking);
        };
        // Progress is told four times a second only: too seldom for when the first piece came.
        const looking = notes === "all" ? setInterval(look, 10) : undefined;
        await received.done.finally(() => clearInterval(looking));
        arrival.doneAt = performance.now();
      };
      follow().catch((error) => {
        arrival.error = String(error);
      });
    },
    link,
    signal,
    notes,
    WARM_UP_BYTES,
  );
}

/** What a page has noted once it has everything. A call into the page may not last that long, so it is asked again and again. */
export async function arrived(page: Page, seconds: number): Promise<Required<Omit<Arrival, "error">>> {
  const { openedAt, firstAt, warmAt, warmBytes, doneAt, error } = await waitFor({
    look: () => page.evaluate(() => ({ openedAt: 0, ...window.arrival })),
    wished: ({ doneAt, error }) => doneAt !== undefined || error !== undefined,
    seconds,
    otherwise: "The receiver has not got everything",
  }).catch(async (error: Error) => {
    const state = await page.evaluate(() => {
      const { state, doneBytes, totalBytes, missingBytes, tracker, peers } = window.received?.progress ?? {};
      return { state, doneBytes, totalBytes, missingBytes, tracker, peers };
    });
    throw new Error(`${error.message} ${JSON.stringify(state)}`);
  });
  if (error !== undefined || doneAt === undefined) throw new Error(`The receiver failed: ${error}`);
  // What is smaller than a warm-up is warm when it is there.
  return {
    openedAt,
    firstAt: firstAt ?? doneAt,
    warmAt: warmAt ?? doneAt,
    warmBytes: warmBytes ?? 0,
    doneAt,
  };
}
