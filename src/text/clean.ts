/**
 * Text from a vendor as plain words: nothing that a terminal, a markdown or HTML renderer would act on,
 * nothing that a person would not see but a model would.
 */

/** Longest text that leaves by default, in UTF-16 code units. */
export const MOST_TEXT = 2_000;

/** Western letters and punctuation without the signs that begin markup: by far the most strings. */
const PLAIN = /^[\t\n -;=-Z\\^-~\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u20ac]*$/;

const LINE_BREAK = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const ANSI = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-Z\\-~]/g;
/**
 * Controls, lone surrogates and everything that shows as nothing: zero-width and bidi characters, tags,
 * variation selectors, Hangul fillers, soft hyphens, interlinear annotations.
 */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/gu;

/** `[words](target "title")` and `![words](target)`; words and target cannot hold brackets, so it is linear. */
const LINK = /!?\[([^[\]]{0,1000})\]\(\s{0,8}<?([^\s()<>]{0,2000})>?(?:\s[^()]{0,300})?\)/g;
const COMMENT = /<!--(?:(?!<!--)[\s\S])*?-->/g;
const BLOCK_TAG =
  /<\/?(?:address|article|blockquote|br|center|dd|div|dl|dt|footer|h[1-6]|head|header|hr|html|body|li|main|ol|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul)(?=[\s/>])[^<>]*>/gi;
const INLINE_TAG =
  /<\/?(?:a|abbr|audio|b|base|big|button|cite|code|del|em|embed|font|form|frame|i|iframe|img|input|ins|kbd|label|link|mark|math|meta|noscript|object|picture|q|s|samp|script|small|source|span|strike|strong|style|sub|sup|svg|template|textarea|tt|u|var|video)(?=[\s/>])[^<>]*>/gi;
const TARGET = /\b(?:src|href|srcset|data|action|poster|background)\s{0,4}=\s{0,4}["']?([^\s"'<>]{1,2000})/i;
const HOST = /^(?:[a-z][a-z0-9+.-]{0,20}:)?[\\/]{2}(?:[^/?#@\s]{0,300}@)?([^/?#:\s\\]{1,255})/i;

/** What is still shaped like markup after this many rounds of removal is broken up and left to be read. */
const ROUNDS = 6;

/** The host of an address; a scheme whose rest is payload alone; any other target as it stands. */
const whereTo = (target: string): string =>
  HOST.exec(target)?.[1] ?? /^(?:data|javascript|vbscript|blob):/i.exec(target)?.[0] ?? target;

const link = (_: string, words: string, target: string) =>
  target === "" ? words : `${words} (${whereTo(target)})`;

const tag = (whole: string) => {
  const target = TARGET.exec(whole)?.[1];
  const host = target === undefined ? undefined : HOST.exec(target)?.[1];
  return host === undefined ? "" : `(${host}) `;
};

const withoutMarkup = (text: string): string => {
  let plain = text;
  for (let round = 0, previous = ""; round < ROUNDS && previous !== plain; round++) {
    previous = plain;
    if (plain.includes("](")) plain = plain.replace(LINK, link);
    if (plain.includes("<"))
      plain = plain.replace(COMMENT, "").replace(BLOCK_TAG, " ").replace(INLINE_TAG, tag);
  }
  return plain
    .replace(/\]\(/g, "] (")
    .replace(/^([ \t>]{0,16}\[[^[\]\n]{1,1000}\]):/gm, "$1 :")
    .replace(/<(?=[A-Za-z/!?])/g, "‹");
};

/** At most `most` code units, never half a character; says with `…` that something was cut. */
const cap = (text: string, most: number, wasCut: boolean): string => {
  if (text.length <= most && !wasCut) return text;
  const room = Math.max(0, most - 1);
  const end = text.length > room && /[\ud800-\udbff]/.test(text[room - 1] ?? "") ? room - 1 : room;
  return most < 1 ? "" : `${text.slice(0, end)}…`;
};

/**
 * Strips control, bidi, zero-width and tag characters, lone surrogates and terminal sequences; turns
 * markdown links and images and HTML tags into their words and the bare host; caps the length.
 * The same string object if there is nothing to do. Cleaning again changes nothing.
 *
 * @param most longest result in UTF-16 code units, the `…` of a cut included
 */
export const clean = (text: string, most: number = MOST_TEXT): string => {
  if (text.length <= most && PLAIN.test(text)) return text;
  // What cannot reach the answer is not worth cleaning; some of what is cleaned away makes room.
  const looked = text.length > most * 4 ? text.slice(0, most * 4) : text;
  const visible = looked.replace(LINE_BREAK, "\n").replace(ANSI, "").replace(INVISIBLE, "");
  const cleaned = cap(withoutMarkup(visible), most, looked !== text);
  return cleaned === text ? text : cleaned;
};
