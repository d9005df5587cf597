/** As much of XML as Salesforce's metadata uses; everything else is an error. */
export interface Element {
  readonly name: string;
  /** Of the start tag. */
  readonly attributes: string;
  readonly children: readonly Element[];
  /** Between the tags, entities resolved; of an element without children. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Throws an Error that says where a document is not well-formed. */
export const parseXml = (source: string): Element => {
  const wrong = (what: string, at: number) =>
    new Error(`${what} at line ${source.slice(0, at).split("\n").length}`);
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!source.startsWith(head)) throw wrong("no XML declaration", 0);
  let place = head.length;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = place;
    const found = sticky.exec(source);
    if (found) place = sticky.lastIndex;
    return found;
  };
  const words = (): string =>
    (next(/[^<]*/)?.[0] ?? "").replace(/&(\w*;?)/g, (whole, name: string) => {
      const meant = ENTITIES[name.replace(/;$/, "")];
      if (!name.endsWith(";") || meant === undefined) throw wrong(`unknown entity ${whole}`, place);
      return meant;
    });
  const element = (): Element => {
    const start = place;
    const [, name, attributes = ""] = next(/<([A-Za-z]+)((?: [a-z:]+="[^"<&]*")*)>/) ?? [];
    if (name === undefined) throw wrong("no start tag", start);
    const children: Element[] = [];
    let text = words();
    while (!source.startsWith("</", place)) {
      if (text.trim() !== "") throw wrong("text beside elements", place);
      children.push(element());
      text = words();
    }
    if (!next(new RegExp(`</${name}>`))) throw wrong(`${name}, begun at ${start}, is not closed`, place);
    if (children.length > 0 && text.trim() !== "") throw wrong("text beside elements", place);
    return { name, attributes: attributes.trim(), children, text: children.length > 0 ? "" : text };
  };
  const root = element();
  next(/\s*/);
  if (place < source.length) throw wrong("something after the document", place);
  return root;
};

export const all = ({ children }: Element, name: string): readonly Element[] =>
  children.filter((child) => child.name === name);

/** Text of the one child of this name; undefined where there is none. */
export const textOf = (element: Element, name: string): string | undefined => all(element, name)[0]?.text;
