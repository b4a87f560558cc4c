import type { Conditions } from "../adapters/conditions.ts";
import type { Emitter } from "../base/emitter.ts";
import type { RivuletError } from "../base/errors.ts";
import type { PeerId } from "../base/ids.ts";
import type { PieceStore, Transport } from "../engine/ports.ts";
import type { Catalog } from "./catalog.ts";
import type { Environment } from "./environment.ts";
import type { RivuletEvents } from "./events.ts";
import type { ManifestFile } from "./manifest-file.ts";
import type { CheckedOptions } from "./options.ts";
import type { PieceKeeper } from "./piece-keeper.ts";
import type { TrackerLine } from "./tracker-line.ts";

/** What a delivery is made of, once its manifest is loaded. */
export interface DeliveryParts {
  readonly options: CheckedOptions;
  readonly environment: Environment;
  readonly emitter: Emitter<RivuletEvents>;
  /** Says what is wrong to the site's owner: on the console, and as an event. */
  readonly problem: (error: RivuletError) => void;
  readonly conditions: Conditions;
  readonly transport: Transport;
  readonly catalog: Catalog;
  readonly file: ManifestFile;
  readonly store: PieceStore;
  readonly keeper: PieceKeeper;
  readonly stored: readonly number[];
  readonly peer: PeerId;
  readonly line: TrackerLine;
  /** How long the tracker may take to be reached, from when the engine runs, before it counts as no hope, ms. */
  readonly trackerGraceMs: number;
}
