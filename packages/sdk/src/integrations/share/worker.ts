import { WorkerDesk } from "../../adapters/share/worker-desk.ts";
import type { ToShareWorker } from "../../adapters/share/worker-messages.ts";

/*
 * `rivulet-share-worker.js`: reads, hashes and writes the files of shares, beside the page.
 */

/** The parts of `DedicatedWorkerGlobalScope` that are used; TypeScript's declarations for pages lack it. */
interface WorkerScope {
  addEventListener(type: "message", listener: (event: MessageEvent<ToShareWorker>) => void): void;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;
const desk = new WorkerDesk((message, transfer = []) => scope.postMessage(message, transfer));

scope.addEventListener("message", ({ data }) => void desk.hear(data));
scope.postMessage({ ready: true }, []);
