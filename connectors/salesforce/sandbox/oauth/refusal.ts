/** What the authorization server answers instead of what was asked: RFC 6749's pair of error and description. */
export class OAuthRefusal extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.name = "OAuthRefusal";
    this.error = error;
  }

  get parameters(): { readonly error: string; readonly error_description: string } {
    return { error: this.error, error_description: this.message };
  }
}
