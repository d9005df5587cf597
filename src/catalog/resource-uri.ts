/**
 * URIs of resources, and templates of them (RFC 6570, level 1) in which a variable is a whole segment:
 * `crm://{object}/{id}`.
 */

/** Of a URI that is looked at at all. */
const LONGEST_URI = 500;
const LONGEST_VALUE = 200;

const SEGMENT = String.raw`(?:[A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]{0,31}\})`;
const TEMPLATE = new RegExp(`^[a-z][a-z0-9-]*://${SEGMENT}(?:/${SEGMENT})*$`);
const VARIABLE = /^\{(.+)\}$/;
/** What expanding a template leaves as it is, and what it encodes. */
const VALUE = /^(?:[A-Za-z0-9._~!'()*-]|%[0-9A-Fa-f]{2})+$/;

export const isResourceUri = (text: string): boolean => text.length <= LONGEST_URI && TEMPLATE.test(text);

export const schemeOf = (uri: string): string => uri.slice(0, uri.indexOf("://"));

/** In the order in which they stand; empty for the URI of one resource. */
export const variablesOf = (template: string): readonly string[] =>
  template.split("/").flatMap((segment) => VARIABLE.exec(segment)?.[1] ?? []);

/** The same for templates that fit the same URIs. */
export const shapeOf = (template: string): string =>
  template
    .split("/")
    .map((segment) => (VARIABLE.test(segment) ? "{}" : segment))
    .join("/");

/** The variables of a URI that fits the template, decoded; undefined when it does not, or tries to be a path. */
export const matchUri = (template: string, uri: string): Record<string, string> | undefined => {
  if (uri.length > LONGEST_URI) return undefined;
  const wanted = template.split("/");
  const given = uri.split("/");
  if (wanted.length !== given.length) return undefined;
  const variables: Record<string, string> = {};
  for (const [place, segment] of wanted.entries()) {
    const variable = VARIABLE.exec(segment)?.[1];
    const text = given[place]!;
    if (variable === undefined) {
      if (text !== segment) return undefined;
      continue;
    }
    const value = decoded(text);
    if (value === undefined) return undefined;
    variables[variable] = value;
  }
  return variables;
};

/** One value, never a part of a path: no separators, no dots alone, nothing that does not show. */
const decoded = (text: string): string | undefined => {
  if (!VALUE.test(text)) return undefined;
  let value: string;
  try {
    value = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  const isPath = /[/\\]/.test(value) || /^\.{1,2}$/.test(value);
  const hides = /[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/u.test(value);
  return isPath || hides || value.length > LONGEST_VALUE ? undefined : value;
};
