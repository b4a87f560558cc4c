/** What declarations declare: members and globals. */
export function declaredNames(declarations: string): string[];
