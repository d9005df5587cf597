/** What one query runs against, and how its errors point at its text. */
import type { Span } from "../../soql/ast.ts";
import type { Org, Session } from "../org.ts";
import { Rejection } from "../rejection.ts";
import type { World } from "../world.ts";

export interface QueryContext {
  readonly org: Org;
  readonly world: World;
  readonly session: Session;
  readonly version: string;
  readonly text: string;
  /** /queryAll: archived activities too. */
  readonly all: boolean;
}

/** Characters echoed before and after the place; cut at word boundaries. */
const WINDOW = 60;

/** `\n<echo>\n   ^\nERROR at Row:1:Column:16\n<message>`: rows and columns count from 1. */
export const pointAt = (text: string, offset: number, message: string): string => {
  const before = text.slice(0, offset);
  const row = before.split(/\r\n|\r|\n/).length;
  const lineStart = before.search(/[^\r\n]*$/);
  const lineEnd = offset + text.slice(offset).search(/[\r\n]|$/);
  const from = offset - lineStart > WINDOW ? wordStart(text, offset - WINDOW) : lineStart;
  const echo = text.slice(from, Math.min(lineEnd, offset + WINDOW));
  return `\n${echo}\n${" ".repeat(offset - from)}^\nERROR at Row:${row}:Column:${offset - lineStart + 1}\n${message}`;
};

const wordStart = (text: string, near: number): number => near + text.slice(near).search(/(?<=[\s,(])\S|$/);

export const rejectAt = (context: QueryContext, errorCode: string, span: Span, message: string): Rejection =>
  new Rejection(400, errorCode, pointAt(context.text, span.start, message));

export const reject = (errorCode: string, message: string): Rejection =>
  new Rejection(400, errorCode, message);
