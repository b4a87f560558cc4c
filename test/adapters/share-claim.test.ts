import { afterEach, describe, it } from "node:test";
import { MemoryShareSink } from "#sdk/adapters/share/memory-sink.ts";
import { openShareSink } from "#sdk/adapters/share/open-sink.ts";
import { claimFolder } from "#sdk/adapters/share/opfs-folders.ts";
import type { ShareWorker } from "#sdk/adapters/share/share-worker.ts";
import { WorkerDesk } from "#sdk/adapters/share/worker-desk.ts";
import { toldError } from "#sdk/adapters/share/worker-messages.ts";
import { equal, failure } from "../contract/share-bytes.ts";

type Step = "disk" | "folder" | "file" | "handle" | "write";

const SHARE = "a".repeat(64);
const navigatorBefore = Object.getOwnPropertyDescriptor(globalThis, "navigator");

/** A browser that throws an error of this name at one step, or writes so few bytes; how often the handle was closed. */
function browser(failing: Step, name: string, wrote = 8): { closed: number } {
  const handles = { closed: 0 };
  const passes = (step: Step): void => {
    if (step === failing && name) throw new DOMException("No.", name);
  };
  const handle = {
    write: () => {
      passes("write");
      return wrote;
    },
    close: () => {
      handles.closed++;
    },
  };
  const file = {
    createSyncAccessHandle: async () => {
      passes("handle");
      return handle;
    },
  };
  const folder = {
    getDirectoryHandle: async () => {
      passes("folder");
      return folder;
    },
    getFileHandle: async () => {
      passes("file");
      return file;
    },
  };
  const getDirectory = async () => {
    passes("disk");
    return folder;
  };
  Object.defineProperty(globalThis, "navigator", {
    value: { storage: { getDirectory } },
    configurable: true,
  });
  return handles;
}

/** A worker that runs where its page does. */
function workerHere(): ShareWorker {
  const ask = (ask: "claim", question: { readonly share: string }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const desk = new WorkerDesk((message) => {
        if ("answer" in message) resolve(message.answer);
        else if ("code" in message) reject(toldError(message.code, message.message));
      });
      void desk.hear({ id: 1, ask, question });
    });
  const worker: unknown = { ask };
  return worker as ShareWorker;
}

afterEach(() => {
  if (navigatorBefore) Object.defineProperty(globalThis, "navigator", navigatorBefore);
  else Reflect.deleteProperty(globalThis, "navigator");
});

describe("claiming a share's folder", () => {
  for (const step of ["disk", "folder", "file", "handle", "write"] as const)
    it(`says that there is no room when the quota is spent at the ${step}, and keeps nothing in memory`, async () => {
      browser(step, "QuotaExceededError");
      await failure("storage-full", openShareSink(workerHere(), SHARE));
    });

  it("takes a write that is cut short for a disk that is full", async () => {
    const handles = browser("write", "", 3);
    await failure("storage-full", claimFolder(SHARE));
    equal(handles.closed, 1);
  });

  it("lets go of the share when its first bytes cannot be written", async () => {
    const handles = browser("write", "QuotaExceededError");
    await failure("storage-full", claimFolder(SHARE));
    equal(handles.closed, 1);
  });

  for (const [step, name] of [
    ["disk", "SecurityError"],
    ["handle", "UnknownError"],
  ] as const)
    it(`is memory where the browser gives no disk: ${name} at the ${step}`, async () => {
      browser(step, name);
      equal((await openShareSink(workerHere(), SHARE)) instanceof MemoryShareSink, true);
    });

  for (const step of ["folder", "file", "write"] as const)
    it(`says what is wrong with a disk that fails at the ${step}`, async () => {
      browser(step, "InvalidStateError");
      await failure("file-unwritable", openShareSink(workerHere(), SHARE));
    });
});
