// Preloaded into every server under test, alike: tells what memory it holds, after collections, when its parent asks.
const PAUSE_MS = 150;
const COLLECTIONS = 4;

process.on("message", async () => {
  // One collection leaves what finalizers hold, and pages that are given back a moment later.
  for (let turn = 0; turn < COLLECTIONS; turn++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rssBytes: rss, heapBytes: heapUsed + external });
});
// Its parent may be killed before it can end what it started.
process.once("disconnect", () => process.exit(1));
// Without this, a server whose sockets are all closed would not end.
process.channel?.unref();
