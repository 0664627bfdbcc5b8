import type { Way } from "./Way.ts";

/** The header by which the page asks the edge for a credential. */
export class TurnCredentialRequest {
  /** The TURN realm asked for; without one the edge chooses. */
  readonly realm: string | undefined;
  /** The solution that is meant; without one the edge has but one. */
  readonly way: Way | undefined;

  constructor(realm?: string, way?: Way) {
    this.realm = realm || undefined;
    this.way = way;
  }

  /** The header line. A realm is a quoted-string (RFC 3261 §25.1), so quotes and backslashes are escaped; controls are left out. */
  toString(): string {
    const realm = this.realm?.replace(/[\x00-\x1f\x7f]/g, "").replace(/["\\]/g, "\\$&");
    const way = this.way ? `;way="${this.way.id}"` : "";
    return `Turn-Credential-Request: ${this.way?.type ?? "password"}${realm ? `;realm="${realm}"` : ""}${way}`;
  }
}
