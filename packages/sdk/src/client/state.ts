import type { RivuletError } from "../base/errors.ts";
import type { Delivery } from "./delivery.ts";

/** `starting` until the manifest is loaded; `origin-only` when something is wrong and nothing comes from peers. */
export type RivuletState =
  | { readonly state: "starting" }
  | { readonly state: "running"; readonly delivery: Delivery }
  | { readonly state: "origin-only"; readonly error: RivuletError }
  | { readonly state: "destroyed" };
