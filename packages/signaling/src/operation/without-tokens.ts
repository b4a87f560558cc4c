/**
 * A URL's query, all of it: `%74oken=` is a token's name as good as `token=`. It ends before a quotation mark and the
 * backslash that escapes one, so that JSON stays JSON.
 */
const QUERY = /\?[^\s"'<>\\?]*=[^\s"'<>\\]*/g;
/** A token that stands alone: three parts of base64url, the first an object of JSON (RFC 7519). */
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** The same text, or line of JSON, for a log in which nobody may find what lets him in. */
export function withoutTokens(text: string): string {
  return text.replace(QUERY, "?…").replace(TOKEN, "(token)");
}
