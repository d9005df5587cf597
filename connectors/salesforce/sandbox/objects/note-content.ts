/**
 * What Salesforce keeps of a note: unsafe HTML and line breaks go without a word (Object Reference,
 * ContentNote), while text that was not escaped is refused (help article 000232870).
 */
import { Rejection } from "../rejection.ts";

const ENTITY = /^(?:amp|lt|gt|quot|nbsp|#39);/;
/** A tag, a comment, or an element that goes with all it holds. */
const MARKUP = /<!--[\s\S]*?-->|<(script|style)\b[\s\S]*?<\/\1\s*>|<\/?[a-z][^<>]*>/gi;
const HARMLESS = new Set(
  "a b blockquote br code div em h1 h2 h3 i li ol p pre s span strike strong u ul".split(" "),
);

/** Base64 in, base64 out. */
export const cleanNote = (content: string): string => {
  const html = Buffer.from(content, "base64").toString("utf8");
  const rest = html.replace(MARKUP, "");
  const unescaped =
    rest.includes("<") ||
    rest
      .split("&")
      .slice(1)
      .some((tail) => !ENTITY.test(tail));
  // So are control characters, and bytes that are no UTF-8: decoding left U+FFFD in their place.
  if (unescaped || /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]/.test(html))
    throw new Rejection(
      400,
      "FIELD_INTEGRITY_EXCEPTION",
      "Note can't be saved because it contains HTML tags or unescaped characters that are not allowed in a Note.",
      ["Content"],
    );
  const kept = html.replace(MARKUP, cleanMarkup).replace(/[\r\n]+/g, "");
  return Buffer.from(kept).toString("base64");
};

const cleanMarkup = (markup: string): string => {
  const [, slash = "", name = "", attributes = ""] = /^<(\/?)([a-z][a-z0-9]*)([^<>]*)>$/i.exec(markup) ?? [];
  const tag = name.toLowerCase();
  if (!HARMLESS.has(tag)) return "";
  const target = /\shref="((?:https?:|mailto:)[^"]*)"/i.exec(attributes)?.[1];
  return tag === "a" && target !== undefined ? `<a href="${target}">` : `<${slash}${tag}>`;
};
