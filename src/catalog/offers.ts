/** Which resources and prompts exist, and for whom. What a resource or a completion may call, the catalog decides. */

import type { Principal } from "../connector/contract.ts";
import type { Prompt, PromptArgument, Resource, ResourceCall } from "../connector/offers.ts";
import { toolsOf } from "../connector/resource-tools.ts";
import type { Supervised } from "../connector/supervise.ts";
import { HubError, isHubError } from "../errors.ts";
import type { Catalog, CatalogTool } from "./catalog.ts";
import { matchUri, shapeOf, variablesOf } from "./resource-uri.ts";

export interface Offers {
  /** Those that one of their tools may answer for this principal, in the order of URIs. */
  resources(principal: Principal): readonly Resource[];
  /** Those of whose tools none is missing, in the order of names. */
  prompts(principal: Principal): readonly Prompt[];
  /** The call that reads a URI. Throws `not_found` for an unknown one, `invalid_input` for impossible variables. */
  reading(uri: string): Reading;
  /** What the person says to the model. Throws `not_found` and `invalid_input`. */
  promptText(name: string, given: Readonly<Record<string, string>>, principal: Principal): PromptText;
  /** The call that completes a variable or an argument; undefined when nothing does. Throws `not_found`. */
  completion(of: Completed, typed: string, principal: Principal): ResourceCall | undefined;
}

/** Its tool is named as clients see it. */
export interface Reading extends ResourceCall {
  readonly resource: Resource;
}

export interface PromptText {
  readonly prompt: Prompt;
  readonly text: string;
}

/** By a prompt's name, or a resource's template as listed. */
export type Completed = { readonly argument: string } & (
  | { readonly prompt: string }
  | { readonly template: string }
);

interface Offered<T> {
  readonly offer: T;
  readonly by: Supervised;
}

/** Throws `config` when two connectors offer the same. */
export const createOffers = (supervised: readonly Supervised[], catalog: Catalog): Offers => {
  const resources = gather(
    supervised,
    (one) => one.connector?.resources,
    ({ uri }) => shapeOf(uri),
  );
  const prompts = gather(
    supervised,
    (one) => one.connector?.prompts,
    ({ name }) => name,
  );

  const usable = (declared: string, principal: Principal): CatalogTool | undefined => {
    const tool = catalog.declared(declared);
    return tool && catalog.admits(tool, principal) ? tool : undefined;
  };

  const isReadable = ({ offer }: Offered<Resource>, principal: Principal): boolean =>
    (toolsOf(offer) ?? []).some((declared) => usable(declared, principal));

  const isWhole = ({ offer }: Offered<Prompt>, principal: Principal): boolean => {
    let whole = true;
    try {
      offer.text(sample(offer.arguments.filter(({ required }) => required)), (declared) => {
        whole &&= usable(declared, principal) !== undefined;
        return declared;
      });
    } catch {
      return false;
    }
    return whole;
  };

  const findPrompt = (name: string, principal: Principal): Offered<Prompt> => {
    const found = prompts.find(({ offer }) => offer.name === name);
    if (!found || !isWhole(found, principal))
      throw new HubError("not_found", "There is no such prompt.", { hint: "prompts/list names them." });
    return found;
  };

  /** Reading must not write, and nobody may call in another's name; the catalog's own refusals come with the call. */
  const callOf = ({ tool: declared, input }: ResourceCall, by: Supervised): ResourceCall => {
    const tool = catalog.declared(declared);
    if (tool?.tool.effect !== "read" || tool.connector.name !== by.name) throw authorsMistake(by);
    return { tool: tool.name, input };
  };

  return {
    resources: (principal) => resources.filter((one) => isReadable(one, principal)).map(({ offer }) => offer),
    prompts: (principal) => prompts.filter((one) => isWhole(one, principal)).map(({ offer }) => offer),

    reading(uri) {
      // One resource before all those of a template.
      const fits = resources.filter(({ offer }) => matchUri(offer.uri, uri));
      const found = fits.find(({ offer }) => variablesOf(offer.uri).length === 0) ?? fits[0];
      if (!found)
        throw new HubError("not_found", "There is no such resource.", {
          hint: "resources/list and resources/templates/list name them.",
        });
      const { offer: resource, by } = found;
      const variables = matchUri(resource.uri, uri) ?? {};
      return {
        resource,
        ...callOf(
          asked(by, () => resource.read(variables)),
          by,
        ),
      };
    },

    promptText(name, given, principal) {
      const { offer: prompt, by } = findPrompt(name, principal);
      const known = prompt.arguments.map((argument) => argument.name);
      const unknown = Object.keys(given).filter((argument) => !known.includes(argument));
      const missing = prompt.arguments.filter((one) => one.required && !given[one.name]?.trim());
      if (unknown.length > 0 || missing.length > 0 || !Object.values(given).every(isOneLine))
        throw new HubError("invalid_input", `${name}: ${whatIsWrong(unknown, missing)}.`, {
          hint: `This prompt takes: ${known.join(", ") || "no arguments"}.`,
        });
      // Clients send what was left empty, too.
      const filled = Object.entries(given).filter(([, text]) => text.trim() !== "");
      const trimmed = Object.fromEntries(filled.map(([argument, text]) => [argument, text.trim()]));
      const shown = (declared: string) => {
        const tool = usable(declared, principal);
        if (!tool) throw new HubError("forbidden", "A tool that this prompt needs is turned off.");
        return tool.name;
      };
      const text = asked(by, () => prompt.text(trimmed, shown));
      return { prompt, text };
    },

    completion(of, typed, principal) {
      const [completion, by] = "prompt" in of ? ofPrompt(of, principal) : ofTemplate(of, principal);
      if (!completion || typed.length > LONGEST_TYPED) return undefined;
      return callOf({ tool: completion.tool, input: asked(by, () => completion.input(typed)) }, by);
    },
  };

  function ofPrompt({ prompt, argument }: { prompt: string; argument: string }, principal: Principal) {
    const { offer, by } = findPrompt(prompt, principal);
    return [offer.arguments.find(({ name }) => name === argument)?.complete, by] as const;
  }

  function ofTemplate({ template, argument }: { template: string; argument: string }, principal: Principal) {
    const found = resources.find(({ offer }) => offer.uri === template);
    if (!found || !isReadable(found, principal))
      throw new HubError("not_found", "There is no such resource template.", {
        hint: "resources/templates/list names them.",
      });
    const { complete = {} } = found.offer;
    return [Object.hasOwn(complete, argument) ? complete[argument] : undefined, found.by] as const;
  }
};

/** A connector refuses with a HubError; whatever else it throws is its author's mistake. */
const asked = <T>(by: Supervised, make: () => T): T => {
  try {
    return make();
  } catch (thrown) {
    throw isHubError(thrown) ? thrown : authorsMistake(by);
  }
};

const authorsMistake = ({ name }: Supervised): HubError =>
  new HubError("internal", `The connector ${name} offers this, but does not say how it is read.`, {
    hint: "Its author must correct this.",
  });

const LONGEST_TYPED = 100;
const LONGEST_ARGUMENT = 200;

/** What a client puts into a conversation in a person's name shows as it is. */
const isOneLine = (text: string): boolean =>
  text.length <= LONGEST_ARGUMENT &&
  !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(text);

const whatIsWrong = (unknown: readonly string[], missing: readonly PromptArgument[]): string => {
  if (missing.length > 0) return `${missing.map(({ name }) => name).join(", ")} is needed`;
  if (unknown.length > 0) return "it was given arguments it does not take";
  return `an argument is one line of at most ${LONGEST_ARGUMENT} characters`;
};

const sample = (all: readonly PromptArgument[]): Record<string, string> =>
  Object.fromEntries(all.map(({ name }) => [name, name]));

/** In the order of their keys. */
const gather = <T>(
  supervised: readonly Supervised[],
  offersOf: (one: Supervised) => readonly T[] | undefined,
  keyOf: (offer: T) => string,
): readonly Offered<T>[] => {
  const all = new Map<string, Offered<T>>();
  for (const by of supervised)
    for (const offer of offersOf(by) ?? []) {
      const key = keyOf(offer);
      const twin = all.get(key);
      if (twin)
        throw new HubError("config", `Two connectors offer "${key}": ${twin.by.name} and ${by.name}.`, {
          hint: 'Turn one of the two off with "enabled": false; their authors must choose other names.',
        });
      all.set(key, { offer, by });
    }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, offered]) => offered);
};
