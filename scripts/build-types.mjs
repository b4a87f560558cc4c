// Type declarations, by the TypeScript compiler. Whether the types hold is for `npm run typecheck`, which sees the whole
// tree; here they are only written out.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./esbuild-slim.mjs";

/**
 * @param {{ sourceDir: string, entries: string[], outDir: string, paths?: Record<string, string[]> }} options
 * `sourceDir` and `entries` from the repository's root; `paths` as in a tsconfig, absolute.
 */
export async function buildTypes({ sourceDir, entries, outDir, paths = {} }) {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-types-"));
  const project = join(folder, "tsconfig.json");
  const config = {
    extends: join(ROOT, "tsconfig.base.json"),
    compilerOptions: {
      noEmit: false,
      noCheck: true,
      declaration: true,
      emitDeclarationOnly: true,
      // Not the source of the other package: what is compiled here ends up in here.
      customConditions: [],
      lib: ["ES2022", "DOM", "DOM.Iterable"],
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules/@types")],
      rootDir: join(ROOT, sourceDir),
      outDir,
      paths,
    },
    files: entries.map((entry) => join(ROOT, entry)),
  };
  try {
    await writeFile(project, JSON.stringify(config));
    await compile(project);
  } finally {
    await rm(folder, { recursive: true });
  }
  await pointToJavaScript(outDir);
}

async function compile(project) {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  try {
    await promisify(execFile)(process.execPath, [compiler, "-p", project], { cwd: ROOT });
  } catch (error) {
    throw new Error(`Writing the type declarations failed:\n${error.stdout}${error.stderr}`);
  }
}

/** Imports name the sources' `.ts` files, which are not shipped; every resolution knows that x.js has its types in x.d.ts. */
async function pointToJavaScript(folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.path, entry.name);
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/((?:from|import) |import\()"(\.{1,2}\/[^"]+)\.ts"/g, '$1"$2.js"'));
  }
}
