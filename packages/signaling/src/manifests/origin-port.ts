import type { Failure } from "./failure.ts";

/** What tells whether a resource has changed. */
export interface Validators {
  /** A strong one. */
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/** What an origin says before the bytes. */
export interface OriginHead {
  /** Undefined when it does not say. */
  readonly sizeBytes: number | undefined;
  readonly mediaType: string | undefined;
  readonly validators: Validators;
}

export interface OriginRequest {
  /** Of an allowed origin. */
  readonly url: URL;
  /** Asks for the bytes only when they have changed. */
  readonly validators?: Validators | undefined;
  readonly maxBytes: number;
  /** Called once the bytes begin; what it returns is called with each stretch of them. */
  receive(head: OriginHead): (chunk: Uint8Array) => void;
}

export type OriginAnswer =
  | {
      readonly type: "complete";
      /** Where it was found: another than asked for after a redirect. */
      readonly url: URL;
      readonly head: OriginHead;
      readonly sizeBytes: number;
    }
  | { readonly type: "unchanged" }
  | Failure;

/** Allowed origins, as the manifest service sees them. */
export interface OriginPort {
  /** Never rejects. */
  get(request: OriginRequest): Promise<OriginAnswer>;
}
