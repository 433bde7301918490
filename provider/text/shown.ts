/** As much of a text as a person reads of a message. */
const enough = 4000;

/**
 * A host's text as a terminal may show it: what would move the cursor, set colours or turn the direction of the text stands there
 * as `<U+001B>`, and of a long text the beginning. Line breaks and tabs are kept. Secrets must be hidden before.
 */
export function shown(text: string, length = enough): string {
  if (text.length <= length) return visible(text);
  const at = endOf(text, length);
  return `${visible(text.slice(0, at))}... (${amount(text.length - at)} more)`;
}

/** JSON in which such characters are escaped; they can only be within its texts. */
export function shownJson(json: string): string {
  return json.replace(unseen, (found) => `\\u${codeOf(found)}`);
}

/** Control characters, except for tabs and line breaks, and those that turn the direction or break a line unseen. */
const unseen = /(?!\r\n)[^\P{Cc}\t\n]|[\u2028-\u202e\u2066-\u2069]/gu;

function visible(text: string): string {
  return text.replace(unseen, (found) => `<U+${codeOf(found).toUpperCase()}>`);
}

function codeOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}

/** At a word's end where one is near, as half a word may be half of what somebody still hides. */
function endOf(text: string, length: number): number {
  const space = text.slice(length - 200, length).search(/\s\S*$/);
  if (space >= 0) return Math.max(0, length - 200) + space;
  const splits = /[\ud800-\udbff]/.test(text.charAt(length - 1));
  return splits ? length - 1 : length;
}

function amount(characters: number): string {
  if (characters >= 1e6) return `${Math.round(characters / 1e6)} MB`;
  return characters >= 1e3 ? `${Math.round(characters / 1e3)} kB` : `${characters} characters`;
}
