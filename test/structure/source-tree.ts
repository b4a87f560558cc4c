import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type FoundImport, scanImports } from "./import-scanner.ts";

export interface ResolvedImport extends FoundImport {
  /** The file it names, relative to the root, when it is a relative import. */
  readonly target: string | undefined;
}

export interface SourceFile {
  /** Relative to the root, with forward slashes: packages/sdk/src/base/bytes.ts */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly ResolvedImport[];
}

/** Every TypeScript file of packages/{name}/src below a root. */
export function readSourceTree(root: string): SourceFile[] {
  const packages = readdirSync(join(root, "packages"));
  return packages.flatMap((name) => {
    const folder = join(root, "packages", name, "src");
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.[mc]?tsx?$/.test(file))
      .map((file) => readSource(root, join(folder, file)));
  });
}

function readSource(root: string, file: string): SourceFile {
  const text = readFileSync(file, "utf8");
  return {
    path: slashed(relative(root, file)),
    lines: text.replace(/\n$/, "").split("\n").length,
    imports: scanImports(text).map((found) => ({
      ...found,
      target: found.specifier.startsWith(".")
        ? slashed(relative(root, join(dirname(file), found.specifier)))
        : undefined,
    })),
  };
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
