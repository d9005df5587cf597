/** What Salesforce answers instead of what was asked: `[{ message, errorCode, fields? }]` and a status. */
export class Rejection extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly fields: readonly string[] | undefined;

  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message);
    this.name = "Rejection";
    this.status = status;
    this.errorCode = errorCode;
    this.fields = fields;
  }

  /** Key order as Salesforce prints it. */
  get body(): readonly object[] {
    const { message, errorCode, fields } = this;
    return [fields === undefined ? { message, errorCode } : { message, errorCode, fields }];
  }
}

export const notFound = () => new Rejection(404, "NOT_FOUND", "The requested resource does not exist");

/** Error texts of a query, apart from the position window that some of them carry. */
export const malformedQuery = (message: string) => new Rejection(400, "MALFORMED_QUERY", message);
export const invalidField = (message: string) => new Rejection(400, "INVALID_FIELD", message);
