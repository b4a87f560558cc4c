import { RivuletError } from "../base/errors.ts";
import { readArguments } from "./arguments.ts";
import { buildManifest } from "./build-manifest.ts";
import type { Command } from "./command.ts";
import { formatBytes } from "./format-bytes.ts";
import { outputLocation, writeAtomically } from "./output-file.ts";
import { startProgress } from "./progress.ts";

const USAGE = `Usage: rivulet manifest DIR [--base URL] [--out FILE] [--exclude GLOB]...

Hashes every file below DIR and writes the manifest that lets browsers verify what peers send them.
The same files always give the same manifest.

  --base URL      where DIR is served, for example https://www.example/; without it, paths are relative to
                  the manifest's own URL
  --out FILE      write here instead of to standard output; FILE itself is left out of the manifest
  --exclude GLOB  leave out what matches, below DIR: * and ? stay within a name, ** crosses folders; a pattern
                  without / matches a name in any folder. May be repeated
  --help          print this

Names that start with a dot, and links that lead out of DIR, are left out.
`;

export const manifestCommand: Command = {
  summary: "hash a folder for publication: rivulet manifest DIR",
  usage: USAGE,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      base: { type: "string" },
      out: { type: "string" },
      exclude: { type: "string", multiple: true },
      help: { type: "boolean", short: "h" },
    });
    const [directory, surplus] = positionals;
    if (!directory) throw new RivuletError("bad-option", "Name the folder: rivulet manifest DIR.");
    if (surplus !== undefined) {
      throw new RivuletError("bad-option", `One folder at a time; "${surplus}" is one too many.`);
    }
    const base = values.base === undefined ? undefined : parseBase(values.base);
    // Looked at before hours of hashing, not after.
    const output = values.out === undefined ? undefined : await outputLocation(values.out);

    let progress: ReturnType<typeof startProgress> | undefined;
    try {
      const built = await buildManifest({
        directory,
        base,
        exclude: values.exclude ?? [],
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
          `manifest of ${formatBytes(built.text.length)}${values.out === undefined ? "" : ` in ${values.out}`}.${skipped}\n`,
      );
    } finally {
      progress?.stop();
    }
  },
};

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
