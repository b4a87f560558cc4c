/** One `import` or `export … from` of a module, type imports and dynamic imports included. */
export interface FoundImport {
  readonly specifier: string;
  readonly line: number;
}

type Token =
  | { readonly kind: "word" | "punctuator"; readonly text: string; readonly line: number }
  /** `text` is what the quotes hold; undefined for a template with parts to fill in. */
  | { readonly kind: "string"; readonly text: string | undefined; readonly line: number };

/**
 * Finds what a TypeScript module imports. esbuild's own list leaves out type imports, so the text is cut into tokens
 * just far enough that comments, strings, templates and regular expressions cannot fool it.
 */
export function scanImports(source: string): FoundImport[] {
  const tokens = tokenize(source);
  const found: FoundImport[] = [];
  const text = (at: number): string | undefined => tokens[at]?.text;
  const isWord = (at: number, word: string): boolean => tokens[at]?.kind === "word" && text(at) === word;
  const add = (at: number): void => {
    const token = tokens[at];
    if (token?.kind === "string") found.push({ specifier: token.text ?? "(computed)", line: token.line });
  };
  for (let i = 0; i < tokens.length; i++) {
    const isMember = text(i - 1) === "." && tokens[i - 1]?.kind === "punctuator";
    if (isMember) continue;
    if (isWord(i, "require") && text(i + 1) === "(") add(i + 2);
    if (isWord(i, "import")) {
      if (tokens[i + 1]?.kind === "string") add(i + 1);
      else if (text(i + 1) === "(") add(i + 2);
      else if (text(i + 1) !== "." && text(i + 1) !== ":") add(afterFrom(i + 1));
    }
    if (isWord(i, "export")) {
      const list = isWord(i + 1, "type") ? i + 2 : i + 1;
      if (text(list) === "*" || text(list) === "{") add(afterFrom(list));
    }
  }
  return found;

  /** Where the string of a `from "…"` clause is that belongs to the statement; past the end when it has none. */
  function afterFrom(start: number): number {
    for (let at = start; at < tokens.length; at++) {
      if (isWord(at, "from") && tokens[at + 1]?.kind === "string") return at + 1;
      if (text(at) === ";" || text(at) === "=" || tokens[at]?.kind === "string") break;
      // A list's closing brace is followed by `from` or the statement is over.
      if (text(at) === "}" && !isWord(at + 1, "from")) break;
    }
    return tokens.length;
  }
}

const WORDS_BEFORE_REGEX =
  /^(return|typeof|case|in|of|do|else|void|delete|instanceof|new|throw|yield|await)$/;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  /** For each `${` that is open: how many braces are open inside it. */
  const templates: number[] = [];
  const lexer =
    /(\/\/[^\n]*|\/\*.*?\*\/)|([\p{ID_Start}$_#][\p{ID_Continue}$]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(\d[\w.]*)|\s+|(.)/suy;
  let line = 1;
  const push = (kind: "word" | "punctuator", text: string): void => void tokens.push({ kind, text, line });
  const advance = (end: number): void => {
    line += source.slice(lexer.lastIndex, end).split("\n").length - 1;
    lexer.lastIndex = end;
  };
  const template = (): void => {
    const part = /((?:[^`\\$]|\\.|\$(?!\{))*)(`|\$\{|$)/suy;
    part.lastIndex = lexer.lastIndex;
    const match = part.exec(source);
    const isWhole = match?.[2] === "`" && source[lexer.lastIndex - 1] === "`";
    tokens.push({ kind: "string", text: isWhole ? match?.[1] : undefined, line });
    if (match?.[2] === "${") templates.push(0);
    advance(part.lastIndex);
  };

  while (lexer.lastIndex < source.length) {
    const startedAt = lexer.lastIndex;
    const match = lexer.exec(source);
    if (!match) throw new Error(`Cannot read character ${startedAt}.`);
    const [whole, , word, quoted, number, punctuator] = match;
    if (word !== undefined) push("word", word);
    else if (quoted !== undefined) tokens.push({ kind: "string", text: quoted.slice(1, -1), line });
    else if (number !== undefined) push("punctuator", "0");
    else if (punctuator === "`") template();
    else if (punctuator === "/" && mayStartRegex(tokens.at(-1))) advance(endOfRegex(source, lexer.lastIndex));
    else if (punctuator === "}" && templates.at(-1) === 0) {
      templates.pop();
      template();
    } else if (punctuator !== undefined) {
      const depth = templates.length - 1;
      if (depth >= 0 && punctuator === "{") templates[depth] = (templates[depth] as number) + 1;
      if (depth >= 0 && punctuator === "}") templates[depth] = (templates[depth] as number) - 1;
      push("punctuator", punctuator);
    }
    line += whole.split("\n").length - 1;
  }
  return tokens;
}

/** After a value a slash divides; anywhere else it opens a regular expression. */
function mayStartRegex(before: Token | undefined): boolean {
  if (!before) return true;
  if (before.kind === "string") return false;
  if (before.kind === "word") return WORDS_BEFORE_REGEX.test(before.text);
  return !(before.text === ")" || before.text === "]" || before.text === "}" || before.text === "0");
}

function endOfRegex(source: string, start: number): number {
  const rest = /(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/uy;
  rest.lastIndex = start;
  return rest.test(source) ? rest.lastIndex : start;
}
