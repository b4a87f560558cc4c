import { RivuletError } from "../base/errors.ts";
import { MAX_MANIFEST_BYTES, MAX_PATH_LENGTH, MAX_PIECES, MAX_RESOURCES } from "../content/limits.ts";
import {
  formatManifest,
  type Manifest,
  pieceBytesFor,
  pieceCount,
  type Resource,
} from "../content/manifest.ts";
import { hashResource } from "./hash-resource.ts";
import { type ListedFile, listFiles } from "./list-files.ts";

/** What a manifest is held to; the defaults are what its readers accept. */
export interface BuildLimits {
  readonly resources: number;
  readonly pieces: number;
  /** Characters of a percent-encoded path. */
  readonly pathLength: number;
  readonly manifestBytes: number;
}

export interface BuildPlan {
  readonly files: number;
  readonly totalBytes: number;
}

export interface BuildOptions {
  readonly directory: string;
  /** Absolute URL that ends in a slash. */
  readonly base?: string | undefined;
  /** Globs to leave out, see glob.ts. */
  readonly exclude?: readonly string[];
  /** An absolute file name to leave out: the manifest itself. */
  readonly omit?: string | undefined;
  readonly limits?: Partial<BuildLimits>;
  /** Called once, before anything is hashed. */
  readonly onPlan?: (plan: BuildPlan) => void;
  /** Called with how many more bytes were hashed. */
  readonly onBytes?: (bytes: number) => void;
}

export interface BuiltManifest extends BuildPlan {
  readonly manifest: Manifest;
  readonly text: string;
  readonly pieces: number;
  /** Symbolic links left out because they lead out of the folder, or nowhere. */
  readonly skippedLinks: number;
}

const DEFAULT_LIMITS: BuildLimits = {
  resources: MAX_RESOURCES,
  pieces: MAX_PIECES,
  pathLength: MAX_PATH_LENGTH,
  manifestBytes: MAX_MANIFEST_BYTES,
};

/** Enough to hide the opening of small files; each holds two pieces in memory, at most 8 MiB. */
const FILES_AT_ONCE = 4;

/**
 * Hashes a folder. The same files give the same text, byte for byte.
 * @throws RivuletError `file-unreadable` or `manifest-too-large`, saying which file and what to do.
 */
export async function buildManifest(options: BuildOptions): Promise<BuiltManifest> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { files, skippedLinks } = await listFiles(options);
  const pieces = checkLimits(files, limits);
  const totalBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  options.onPlan?.({ files: files.length, totalBytes });

  const resources = await hashAll(files, options.onBytes ?? (() => {}));
  const manifest: Manifest = { base: options.base, resources };
  const text = formatManifest(manifest);
  if (text.length > limits.manifestBytes) {
    throw tooLarge(`The manifest would be over ${limits.manifestBytes} bytes`);
  }
  return { manifest, text, files: files.length, totalBytes, pieces, skippedLinks };
}

/** Before hashing, from sizes alone: nobody should wait an hour for this message. Returns the number of pieces. */
function checkLimits(files: readonly ListedFile[], limits: BuildLimits): number {
  if (files.length > limits.resources) {
    throw tooLarge(`${files.length} files are more than the ${limits.resources} of one manifest`);
  }
  let pieces = 0;
  for (const { path, name, sizeBytes } of files) {
    if (path.length > limits.pathLength) {
      throw new RivuletError(
        "manifest-too-large",
        `The path of "${name}" is over ${limits.pathLength} characters in a URL. Shorten it or --exclude it.`,
      );
    }
    pieces += pieceCount({ sizeBytes, pieceBytes: pieceBytesFor(sizeBytes) });
  }
  if (pieces > limits.pieces) {
    throw tooLarge(`${pieces} pieces are more than the ${limits.pieces} of one manifest`);
  }
  return pieces;
}

function tooLarge(what: string): RivuletError {
  return new RivuletError(
    "manifest-too-large",
    `${what}. Build one manifest for each subfolder, or leave files out with --exclude.`,
  );
}

async function hashAll(
  files: readonly ListedFile[],
  onBytes: (bytes: number) => void,
): Promise<readonly Resource[]> {
  const resources = new Array<Resource>(files.length);
  const abort = new AbortController();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < files.length && !abort.signal.aborted) {
      const index = next++;
      resources[index] = await hashResource({
        file: files[index] as ListedFile,
        signal: abort.signal,
        onBytes,
      });
    }
  };
  const stopOthers = (error: unknown): void => abort.abort(error);
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, () => worker().catch(stopOthers)));
  abort.signal.throwIfAborted();
  return resources;
}
