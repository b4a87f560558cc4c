import type { IncomingMessage } from "node:http";
import type { ManifestFigures } from "../operation/figures.ts";
import type { HttpAnswer } from "./http-answer.ts";

/** A request for a manifest, as far as its service needs to know it. */
export interface ManifestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** The name under which the asker's address is counted. */
  readonly address: string;
}

/** Answers what is about manifests. */
export interface ManifestDesk {
  /** Undefined for every other path. */
  answer(request: ManifestRequest): Promise<HttpAnswer> | undefined;
  figures(): ManifestFigures | undefined;
  close(): Promise<void>;
}

/** A server without the manifest service. */
export const NO_MANIFESTS: ManifestDesk = {
  answer: () => undefined,
  figures: () => undefined,
  close: () => Promise.resolve(),
};
