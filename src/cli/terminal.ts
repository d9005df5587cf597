/** Colours and columns for people; plain text when the output is piped or NO_COLOR is set. */
import { stripVTControlCharacters, styleText } from "node:util";
import stringWidth from "string-width";

type Style = Parameters<typeof styleText>[0];
/** styleText looks at the stream: no colours into pipes and files. */
const styled = (style: Style) => (text: string) => styleText(style, text, { stream: process.stdout });

export const bold = styled("bold");
export const dim = styled("dim");
export const red = styled("red");
export const green = styled("green");
export const yellow = styled("yellow");
export const cyan = styled("cyan");

const GAP = "  ";
const NARROWEST = 80;

/** Aligned columns under a heading; numbers to the right; the last column wraps at the terminal's width. */
export const table = (
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string => {
  const cells = rows.map((row) => row.map(String));
  const widths = headings.map((heading, place) =>
    Math.max(stringWidth(heading), ...cells.map((row) => stringWidth(row[place] ?? ""))),
  );
  const numeric = headings.map((_, place) => rows.length > 0 && cells.every((row) => isNumeric(row[place])));
  const last = headings.length - 1;
  const indent = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
  const room = Math.max((process.stdout.columns ?? 120) - indent, 24, NARROWEST - indent);

  const line = (row: readonly string[]): string => {
    const [first = "", ...more] = wrap(row[last] ?? "", room);
    const padded = row.slice(0, last).map((cell, place) => pad(cell, widths[place]!, numeric[place]!));
    const ending = numeric[last] ? pad(first, widths[last]!, true) : first;
    return [[...padded, ending].join(GAP).trimEnd(), ...more.map((text) => " ".repeat(indent) + text)].join(
      "\n",
    );
  };
  return `${[line(headings.map((heading) => heading)), ...cells.map(line)].map((text, place) => (place === 0 ? dim(text) : text)).join("\n")}\n`;
};

const isNumeric = (cell: string | undefined): boolean =>
  cell === undefined || /^([-+]?[\d,.]+%?)?$/.test(stripVTControlCharacters(cell));

const pad = (text: string, width: number, right: boolean): string => {
  const space = " ".repeat(Math.max(width - stringWidth(text), 0));
  return right ? space + text : text + space;
};

const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && stringWidth(line) + 1 + stringWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
};

/** 1234567.5 → 1,234,567.50; whole numbers without decimals. */
export const amount = (value: number): string =>
  value.toLocaleString(
    "en-US",
    Number.isInteger(value) ? {} : { minimumFractionDigits: 2, maximumFractionDigits: 2 },
  );
