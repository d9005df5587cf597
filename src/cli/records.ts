/** Rows that are too wide for columns: each a heading, and below it what else it has. */
import stringWidth from "string-width";
import { bold, dim, terminalWidth, wrap } from "./terminal.ts";

const INDENT = "  ";
const BETWEEN = "   ";

/** The heading is the column `name`, else the first that is no id; empty cells are left out. */
export const records = (columns: readonly string[], rows: readonly (readonly string[])[]): string => {
  const named = columns.indexOf("name");
  const heading = Math.max(named >= 0 ? named : columns.findIndex((column) => !/^id$|Id$/.test(column)), 0);
  return rows
    .map((row) => {
      const parts = columns.flatMap((column, place) =>
        place === heading || !row[place] ? [] : [`${dim(column)} ${row[place]}`],
      );
      const title = hanging(row[heading] ?? "", terminalWidth()).map(bold);
      return [...title, ...lines(parts, terminalWidth() - INDENT.length).map((line) => `${INDENT}${line}`)];
    })
    .map((text) => `${text.join("\n")}\n`)
    .join("");
};

/** As many parts in a line as fit; a part that alone is longer than a line wraps below itself. */
const lines = (parts: readonly string[], width: number): string[] => {
  const found: string[] = [];
  let line = "";
  for (const part of parts) {
    if (line && stringWidth(line) + BETWEEN.length + stringWidth(part) <= width) line += `${BETWEEN}${part}`;
    else {
      if (line) found.push(line);
      line = part;
    }
  }
  return [...found, line].flatMap((text) => hanging(text, width));
};

const hanging = (text: string, width: number): string[] => {
  const [first = "", ...more] = wrap(text, width);
  return [first, ...wrap(more.join(" "), width - INDENT.length).map((rest) => `${INDENT}${rest}`)].filter(
    (part) => part.trim() !== "",
  );
};
