/**
 * JSON made of lists, `{ "entries": […], "users": […] }`, read item by item: an answer may be larger than
 * what is worth holding. What is small is parsed at once; the streaming parser is loaded for the rest only.
 */

import type { Token } from "stream-json/core/parser.js";
import { HubError } from "../errors.ts";
import { parseJson, type Received } from "./json.ts";

export interface JsonLists {
  /** Pieces of the text, in order. Throws `vendor_malformed`, and whatever `item` throws. */
  take(piece: string): void | Promise<void>;
  /** Call it when all has been taken: hands over what is left. Returns the names of the lists there were. */
  end(answer: Omit<Received, "body">): ReadonlySet<string>;
}

export interface JsonListsOptions {
  readonly system: string;
  /** One item of the list of that name. A new value each time: nobody else keeps it. */
  readonly item: (list: string, value: unknown) => void;
  /** Up to so many characters are parsed at once. Default two million. */
  readonly wholeUpTo?: number;
}

const WHOLE_UP_TO = 2_000_000;

export const readJsonLists = ({ system, item, wholeUpTo = WHOLE_UP_TO }: JsonListsOptions): JsonLists => {
  const lists = new Set<string>();
  let held: string[] = [];
  let length = 0;
  let parser: Parser | undefined;
  const feed = (text: string | undefined) => {
    try {
      parser!(text);
    } catch (error) {
      throw error instanceof HubError ? error : broken(system, error);
    }
  };

  return {
    take(piece) {
      if (parser) return feed(piece);
      held.push(piece);
      length += piece.length;
      if (length <= wholeUpTo) return;
      return createParser(lists, item).then((created) => {
        parser = created;
        const pieces = held;
        held = [];
        for (const one of pieces) feed(one);
      });
    },
    end(answer) {
      if (parser) feed(undefined);
      else {
        const whole = parseJson(system, { ...answer, body: held.join("") });
        held = [];
        for (const [name, value] of Object.entries(whole ?? {})) {
          if (!Array.isArray(value)) continue;
          lists.add(name);
          for (const one of value) item(name, one);
        }
      }
      return lists;
    },
  };
};

const broken = (system: string, cause: unknown) =>
  new HubError("vendor_malformed", `${system} sent JSON that is cut or broken.`, { cause });

/** Takes text, and undefined for its end. */
type Parser = (text: string | undefined) => void;

const createParser = async (lists: Set<string>, item: JsonListsOptions["item"]): Promise<Parser> => {
  const [{ jsonParser }, { default: Assembler }] = await Promise.all([
    import("stream-json/core/parser.js"),
    import("stream-json/core/assembler.js"),
  ]);
  const tokensIn = jsonParser({ streamValues: false });
  /** Of the item that is being read, or of anything else that stands under a key. */
  const assembler = new Assembler();
  let place: "before" | "keys" | "list" | "after" = "before";
  let key = "";

  /** Whether the token belongs to what stands around the items. */
  const isFrame = (token: Token): boolean => {
    if (place === "list") {
      if (token.name !== "endArray") return false;
      place = "keys";
    } else if (token.name === "keyValue") key = token.value;
    else if (place === "keys" && token.name === "startArray") {
      lists.add(key);
      place = "list";
    } else if (place === "keys" && token.name === "endObject") place = "after";
    else if (place === "before" && token.name === "startObject") place = "keys";
    else if (place === "before") throw new Error("not an object");
    else return false;
    return true;
  };
  const see = (token: Token) => {
    if (assembler.done && isFrame(token)) return;
    assembler.consume(token);
    if (assembler.done && place === "list") item(key, assembler.current);
  };
  const tokensOf = (text: string) => {
    const found = tokensIn(text) as { values: Token[] } | symbol;
    return typeof found === "symbol" ? [] : found.values;
  };

  return (text) => {
    // A blank ends whatever could have gone on.
    for (const token of tokensOf(text ?? " ")) see(token);
    if (text === undefined && place !== "after") throw new Error("cut short");
  };
};
