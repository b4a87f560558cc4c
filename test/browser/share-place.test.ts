import { forgetOldShares, keptShares } from "#sdk/adapters/share/kept-shares.ts";
import { MemoryShareSink } from "#sdk/adapters/share/memory-sink.ts";
import { openShareSink } from "#sdk/adapters/share/open-sink.ts";
import { OpfsShareSink } from "#sdk/adapters/share/opfs-sink.ts";
import { ShareWorker } from "#sdk/adapters/share/share-worker.ts";
import { bytesFor, equal, failure, same } from "../contract/share-bytes.ts";
import { write } from "../contract/share-sink.ts";
import { describe, it } from "./mocha.ts";
import { newShare, newWorker, PIECES, STREAM, withSink } from "./share-stage.ts";

describe("the place of a share", () => {
  it("is one tab's at a time, and free once that closes it", async () => {
    await withSink(async (sink, share) => {
      await sink.open(STREAM);
      await write(sink, PIECES, 0);
      await failure("share-open-elsewhere", openShareSink(newWorker(), share));
      await sink.close();
      const other = await OpfsShareSink.claim(newWorker(), share);
      equal(await other.open(STREAM), 1);
      await other.close();
    });
  });

  it("is waited for while the tab that had it lets go of it", async () => {
    await withSink(async (sink, share) => {
      const claiming = OpfsShareSink.claim(newWorker(), share);
      await new Promise((resolve) => setTimeout(resolve, 700));
      await sink.close();
      await (await claiming).close();
    });
  });

  it("is free once the tab that had it is gone, whatever it was doing", async () => {
    const share = newShare();
    const worker = newWorker();
    const sink = await OpfsShareSink.claim(worker, share);
    await sink.open(STREAM);
    await write(sink, PIECES, 0);
    const writing = failure("aborted", write(sink, PIECES, 1));
    worker.close();
    await writing;
    const next = await OpfsShareSink.claim(newWorker(), share);
    equal((await next.open(STREAM)) >= 1, true);
    same(await next.read(0), PIECES[0]);
    await next.remove();
  });

  it("is refused where there is too little room, with what is missing", async () => {
    let persists = 0;
    const storage = {
      estimate: async () => ({ quota: 10_000_000, usage: 10_000_000 - STREAM.totalBytes + 123 }),
      persist: async () => ++persists > 0,
    };
    await withSink(async (sink) => {
      const { message } = await failure("storage-full", sink.open(STREAM));
      equal(message.includes(" 123 bytes are missing"), true);
      equal(persists, 1);
    }, storage);
  });

  it("counts what is there already when it looks for room", async () => {
    await withSink(async (sink, share) => {
      await sink.open(STREAM);
      for (const [piece] of PIECES.entries()) if (piece !== 1) await write(sink, PIECES, piece);
      await sink.close();
      const storage = { estimate: async () => ({ quota: 10, usage: 10 }), persist: async () => false };
      const next = await OpfsShareSink.claim(newWorker(), share, storage);
      equal(await next.open(STREAM), PIECES.length);
      await next.close();
    });
  });

  it("gets more room from a browser that has more for sites that it keeps", async () => {
    let quota = 0;
    const persist = async () => {
      quota = 10_000_000;
      return true;
    };
    await withSink((sink) => sink.open(STREAM).then(() => undefined), {
      estimate: async () => ({ quota, usage: 0 }),
      persist,
    });
  });

  it("is memory where the browser gives no disk", async () => {
    const refusing = new ShareWorker(
      URL.createObjectURL(
        new Blob(
          [
            "onmessage = ({ data: { id } }) => postMessage({ id, code: 'storage-unavailable', message: 'No disk here.' })",
          ],
          { type: "text/javascript" },
        ),
      ),
    );
    equal((await openShareSink(refusing, newShare())) instanceof MemoryShareSink, true);
    const share = newShare();
    const sink = await openShareSink(newWorker(), share);
    equal(sink instanceof OpfsShareSink, true);
    await sink.remove();
  });
});

describe("what earlier visits left", () => {
  it("is listed, with the time of its last use", async () => {
    await withSink(async (sink, share) => {
      const worker = newWorker();
      const find = async () => (await keptShares(worker)).find(({ id }) => id === share);
      equal((await find())?.isOpen, true);
      await sink.close();
      const kept = await find();
      equal(kept?.isOpen, false);
      equal(Math.abs(Date.now() - (kept?.usedAt ?? 0)) < 60_000, true);
    });
  });

  it("goes when it is old, unless a tab has it open", async () => {
    const [old, open] = [newShare(), newShare()];
    const worker = newWorker();
    const closed = await OpfsShareSink.claim(worker, old);
    await closed.open(STREAM);
    await write(closed, PIECES, 0);
    await closed.close();
    const held = await OpfsShareSink.claim(newWorker(), open);
    await held.open(STREAM);
    await held.keepDescription(bytesFor(1, 100));
    for (const piece of [0, 1]) await write(held, PIECES, piece);
    await held.finish();
    await new Promise((resolve) => setTimeout(resolve, 5));
    equal((await forgetOldShares(worker, 60_000)).includes(old), false);
    const gone = await forgetOldShares(worker, 1);
    equal(gone.includes(old), true);
    equal(gone.includes(open), false);
    const ids = (await keptShares(worker)).map(({ id }) => id);
    equal(ids.includes(old), false);
    equal(ids.includes(open), true);
    same(await held.description(), bytesFor(1, 100));
    same(await held.read(1), PIECES[1]);
    await held.remove();
  });
});
