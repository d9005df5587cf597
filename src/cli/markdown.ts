/** An answer as Markdown, for a document or a message: facts, tables, then what is to be known about them. */
import type { Columnar } from "../middleware/columnar.ts";
import { isFlat, membersOf, partsOf, sourceLine } from "./answer-parts.ts";
import { amount } from "./terminal.ts";

export const markdown = (content: Readonly<Record<string, unknown>>): string => {
  const { facts, tables, notices, sources } = partsOf(content);
  const blocks = [
    facts.map(([key, value]) => `- **${escapeText(key)}**:${fact(value)}`.trimEnd()).join("\n"),
    ...tables.flatMap(([key, table]) => [heading(key, table), tableOf(table)]),
    notices.map((text) => `> ${escapeText(text)}`).join("\n>\n"),
    sources.length > 0
      ? `Sources: ${sources.map((source) => escapeText(sourceLine(source))).join("; ")}.`
      : "",
  ];
  return `${blocks.filter(Boolean).join("\n\n")}\n`;
};

const heading = (key: string, { returned, total, shared }: Columnar): string =>
  `### ${escapeText(key)} (${returned} of ${total})${shared ? `\n\nEach with ${inline(shared)}.` : ""}`;

const tableOf = ({ columns, rows }: Columnar): string => {
  if (rows.length === 0) return "No rows.";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const isNumeric = (place: number) =>
    rows.every((row) => typeof row[place] === "number" || row[place] === null);
  return [
    line(columns.map(escapeText)),
    line(columns.map((_, place) => (isNumeric(place) ? "---:" : "---"))),
    ...rows.map((row) => line(columns.map((_, place) => inline(row[place])))),
  ].join("\n");
};

const MOST_IN_A_LINE = 6;

/** In its line what fits there; a record, or what is nested, a line each below it. */
const fact = (value: unknown, indent = "  "): string => {
  if (isFlat(value)) return ` ${inline(value)}`;
  const members = Array.isArray(value) ? value : membersOf(value as object).map(([, member]) => member);
  if (members.every(isFlat) && (Array.isArray(value) || members.length <= MOST_IN_A_LINE))
    return ` ${inline(value)}`;
  const lines = Array.isArray(value)
    ? value.map((item) => fact(item, `${indent}  `))
    : membersOf(value as object).map(([key, member]) => ` ${escapeText(key)}:${fact(member, `${indent}  `)}`);
  return lines.map((line) => `\n${indent}-${line}`).join("");
};

const inline = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return amount(value);
  if (typeof value !== "object") return escapeText(String(value));
  if (Array.isArray(value) && value.every(isFlat)) return value.map(inline).join("; ");
  const members = membersOf(value);
  if (Array.isArray(value) || !members.every(([, member]) => isFlat(member)))
    return escapeText(JSON.stringify(value));
  return members.map(([key, member]) => `${escapeText(key)} ${inline(member)}`).join(", ");
};

/**
 * What would end a cell, or become a link, a picture or markup: others typed it into a CRM. Underscores
 * stay: inside a word they mean nothing.
 */
const escapeText = (text: string): string =>
  text.replace(/[\\|`*[\]<>]/g, (sign) => `\\${sign}`).replace(/\r\n|[\n\r]/g, "<br>");
