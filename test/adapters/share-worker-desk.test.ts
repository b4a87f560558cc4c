import { describe, it } from "node:test";
import { WorkerDesk } from "#sdk/adapters/share/worker-desk.ts";
import type { FromShareWorker } from "#sdk/adapters/share/worker-messages.ts";
import { bytesFor, equal } from "../contract/share-bytes.ts";

/** A desk, and what it said: the names of its messages' last parts. */
function desk(onSaid?: (desk: WorkerDesk) => void): { readonly desk: WorkerDesk; readonly said: string[] } {
  const said: string[] = [];
  const made: WorkerDesk = new WorkerDesk((message: FromShareWorker) => {
    said.push("code" in message ? message.code : "part" in message ? "part" : "answer");
    onSaid?.(made);
  });
  return { desk: made, said };
}

const files = [{ path: "a", file: new File([bytesFor(1, 9_000_000)], "a") }];

describe("WorkerDesk", () => {
  it("answers when all parts are sent", async () => {
    const { desk: opened, said } = desk();
    await opened.hear({ id: 1, ask: "hash", question: { files, pieceBytes: 65_536, withBytes: false } });
    equal(said[0], "part");
    equal(said.at(-1), "answer");
    equal(said.filter((name) => name === "answer").length, 1);
  });

  it("hashes no further when nobody listens any more", async () => {
    const { desk: opened, said } = desk((self) => void self.hear({ id: 1, ask: "cancel" }));
    await opened.hear({ id: 1, ask: "hash", question: { files, pieceBytes: 65_536, withBytes: false } });
    equal(said.join(), "part,aborted");
  });

  it("says that it does not know a question of another version", async () => {
    const { desk: opened, said } = desk();
    const newer: unknown = { id: 1, ask: "dance", question: {} };
    await opened.hear(newer as Parameters<WorkerDesk["hear"]>[0]);
    equal(said.join(), "worker-unavailable");
  });

  it("refuses what it is asked of a share that is not open", async () => {
    const { desk: opened, said } = desk();
    await opened.hear({ id: 1, ask: "read", question: { share: "x", piece: 0 } });
    await opened.hear({ id: 2, ask: "close", question: { share: "x" } });
    equal(said.join(), "file-unwritable,answer");
  });
});
