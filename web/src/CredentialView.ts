import type { Page } from "./Page.ts";
import { Quantity } from "./Quantity.ts";
import type { Phone } from "./Phone.ts";
import type { TurnCredential } from "./TurnCredential.ts";

/** Shows where the credential came from and how its life runs out. */
export class CredentialView {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** @param now milliseconds since 1970 */
  show({ credential, refusal, way }: Phone, now: number): void {
    const remaining = credential?.remaining(now) ?? 0;
    const life = this.#page.element("life");
    life.setAttribute("stroke-dasharray", `${credential ? 100 * remaining / credential.ttl : 0} 100`);
    life.dataset.tone = remaining === 0 ? "bad" : credential?.isOld(now) ? "busy" : "good";

    const write = (name: string, value: string | undefined) => this.#page.write("credential", name, value);
    write("remaining", credential && (remaining > 0 ? Quantity.clock(remaining) : "expired"));
    write("renewal", credential ? renewal(credential, remaining, now) : "none held");
    write("origin", credential && `${credential.origin}, ${new Date(credential.since).toLocaleTimeString("en-GB")}`);
    write("kind", credential?.kind);
    write("username", credential?.username);
    write("realm", credential?.realm);
    this.#page.write("text", "realm-label", credential?.type === "oauth" ? "For the server" : "Realm");
    write("uris", credential?.uris.join("\n"));
    this.#page.write("text", "way-note", refusal ?? way.note);
    this.#page.element("way-note").dataset.tone = refusal ? "bad" : "quiet";
    this.#page.element<HTMLSelectElement>("way-now").value = way.id;
  }
}

function renewal(credential: TurnCredential, remaining: number, now: number): string {
  const due = credential.isOld(now) ? "due for renewal" : `renewal in ${Quantity.clock(remaining - credential.ttl / 2)}`;
  return `of ${Quantity.clock(credential.ttl)}, ${due}`;
}
