/** What a connector offers beside tools: resources to read and prompts to begin with. Data, no vendor. */

/**
 * What a client can attach to a conversation. Reading one is a call of a tool, through the same steps:
 * nothing can be read here that could not be asked for.
 */
export interface Resource {
  /** `revops://glossary`, or a template (RFC 6570, level 1): `salesforce://{object}/{id}`. */
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Default `application/json`: the answer as it is. `text/csv`: the one table of the answer. */
  readonly mimeType?: "application/json" | "text/csv";
  /** The call that answers, from the template's variables, decoded. Throws `invalid_input`. */
  read(variables: Readonly<Record<string, string>>): ResourceCall;
  /** Which tools may answer, as declared, where that depends on the variables: it is listed for whom one of them is. */
  readonly tools?: readonly string[];
  /** By variable of the template. */
  readonly complete?: Readonly<Record<string, Completion>>;
}

export interface ResourceCall {
  /** As declared, whatever prefix clients see. */
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Which values begin like this? The tool answers `{ values: string[] }`; it is called, through the same
 * steps, each time somebody types.
 */
export interface Completion {
  readonly tool: string;
  input(typed: string): Readonly<Record<string, unknown>>;
}

/** A conversation somebody can begin with: `commit_inspection`. */
export interface Prompt {
  /** Lower case, underscores. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** What the person says to the model. `tool` gives a tool's name as clients see it. */
  text(given: Readonly<Record<string, string>>, tool: (declared: string) => string): string;
}

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly complete?: Completion;
}
