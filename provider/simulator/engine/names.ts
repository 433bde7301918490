/** PowerShell's wildcards: `*`, `?`, `[a-z]`, with a backtick before one that is meant as itself. Compared without case. */
export function wildcard(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === "`" && at + 1 < pattern.length) {
      at += 1;
      source += quoted(pattern.charAt(at));
    } else if (character === "*") source += "[\\s\\S]*";
    else if (character === "?") source += "[\\s\\S]";
    else if (character === "[") {
      const end = pattern.indexOf("]", at + 1);
      if (end < 0) source += "\\[";
      else {
        source += `[${pattern.slice(at + 1, end).replace(/[\\^]/g, "\\$&")}]`;
        at = end;
      }
    } else source += quoted(character);
  }
  return new RegExp(`^${source}$`, "iu");
}

export function hasWildcard(pattern: string): boolean {
  return /(?<!`)[*?[]/.test(pattern);
}

/** Equal names, case apart; for what is text and no pattern. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function quoted(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
