/** The header by which the page asks the edge for a password credential. */
export class TurnCredentialRequest {
  /** The TURN realm asked for; without one the edge chooses. */
  readonly realm: string | undefined;

  constructor(realm?: string) {
    this.realm = realm || undefined;
  }

  /** The header line. A realm is a quoted-string (RFC 3261 §25.1), so quotes and backslashes are escaped; controls are left out. */
  toString(): string {
    const realm = this.realm?.replace(/[\x00-\x1f\x7f]/g, "").replace(/["\\]/g, "\\$&");
    return `Turn-Credential-Request: password${realm ? `;realm="${realm}"` : ""}`;
  }
}
