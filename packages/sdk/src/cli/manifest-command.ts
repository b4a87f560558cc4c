import { RivuletError } from "../base/errors.ts";
import { MAX_RESOURCES } from "../content/limits.ts";
import { readArguments } from "./arguments.ts";
import { type BuildOptions, buildManifest } from "./build-manifest.ts";
import type { Command, Terminal } from "./command.ts";
import { formatBytes } from "./format-bytes.ts";
import { outputLocation, writeAtomically } from "./output-file.ts";
import { startProgress } from "./progress.ts";
import { runWatch } from "./watch/run-watch.ts";
import { DEFAULT_SEGMENT_LIMITS } from "./watch/segment-limits.ts";

const USAGE = `Usage: rivulet manifest DIR [--base URL] [--out FILE] [--exclude GLOB]...
       rivulet manifest --watch DIR [--keep N] [--base URL] [--out FILE] [--exclude GLOB]...

Hashes every file below DIR and writes the manifest that lets browsers verify what peers send them.
The same files always give the same manifest.

  --base URL      where DIR is served, for example https://www.example/; without it, paths are relative to
                  the manifest's own URL
  --out FILE      write here instead of to standard output; FILE itself is left out of the manifest
  --exclude GLOB  leave out what matches, below DIR: * and ? stay within a name, ** crosses folders; a pattern
                  without / matches a name in any folder. May be repeated
  --watch         for the folder that a live packager writes to: run until SIGINT or SIGTERM, and keep the manifest,
                  DIR/rivulet.json unless --out says otherwise, up to date with what comes and goes
  --keep N        with --watch: list the newest N files at most, and of these only what playlists name or named of
                  late; default ${DEFAULT_SEGMENT_LIMITS.keep}. Every viewer fetches the manifest with each new segment
  --help          print this

Names that start with a dot, and links that lead out of DIR, are left out.

With --watch, a segment is listed as soon as an HLS playlist names it, and a file of another kind (MPEG-DASH) when
nothing was written to it for half a second. Playlists, keys, *.tmp, files that still grow and files over 256 MiB are
never listed: they come from the origin. A new run goes on with the stream of the manifest that it finds.
`;

export const manifestCommand: Command = {
  summary: "hash a folder for publication: rivulet manifest DIR",
  usage: USAGE,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      base: { type: "string" },
      out: { type: "string" },
      exclude: { type: "string", multiple: true },
      watch: { type: "boolean" },
      keep: { type: "string" },
      help: { type: "boolean", short: "h" },
    });
    const [directory, surplus] = positionals;
    if (!directory) throw new RivuletError("bad-option", "Name the folder: rivulet manifest DIR.");
    if (surplus !== undefined) {
      throw new RivuletError("bad-option", `One folder at a time; "${surplus}" is one too many.`);
    }
    const base = values.base === undefined ? undefined : parseBase(values.base);
    const keep = values.keep === undefined ? undefined : parseKeep(values.keep, values.watch === true);
    const { out, exclude = [] } = values;
    if (values.watch) await runWatch({ directory, base, out, exclude, keep }, terminal);
    else await runBuild({ directory, base, out, exclude }, terminal);
  },
};

type BuildCall = Pick<BuildOptions, "directory" | "base" | "exclude"> & { readonly out: string | undefined };

async function runBuild({ out, directory, ...options }: BuildCall, terminal: Terminal): Promise<void> {
  // Looked at before hours of hashing, not after.
  const output = out === undefined ? undefined : await outputLocation(out);

  let progress: ReturnType<typeof startProgress> | undefined;
  try {
    const built = await buildManifest({
      ...options,
      directory,
      omit: output,
      onPlan: (plan) => {
        progress = startProgress(terminal.stderr, plan);
      },
      onBytes: (bytes) => progress?.advance(bytes),
    });
    progress?.stop();
    if (output === undefined) terminal.stdout.write(built.text);
    else await writeAtomically(output, built.text);
    const skipped =
      built.skippedLinks === 0
        ? ""
        : ` Left out ${built.skippedLinks} link(s) that lead out of ${directory}.`;
    terminal.stderr.write(
      `${built.files} file(s), ${formatBytes(built.totalBytes)}, ${built.pieces} piece(s): ` +
        `manifest of ${formatBytes(built.text.length)}${out === undefined ? "" : ` in ${out}`}.${skipped}\n`,
    );
  } finally {
    progress?.stop();
  }
}

function parseKeep(text: string, isWatching: boolean): number {
  if (!isWatching) throw new RivuletError("bad-option", "--keep is for --watch only.");
  const keep = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (keep >= 1 && keep <= MAX_RESOURCES) return keep;
  throw new RivuletError(
    "bad-option",
    `--keep must be a whole number from 1 to ${MAX_RESOURCES}, not "${text}".`,
  );
}

/** A base always ends in a slash: `new URL("a.png", "https://x/site")` would drop "site". */
function parseBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new RivuletError(
      "bad-option",
      `--base must be an absolute URL such as https://www.example/, not "${text}".`,
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new RivuletError("bad-option", `--base must have neither a query nor a fragment: "${text}".`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new RivuletError(
      "bad-option",
      "--base must not hold a password: every visitor reads the manifest.",
    );
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}
