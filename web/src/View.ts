import { CallView, initial } from "./CallView.ts";
import { CredentialView } from "./CredentialView.ts";
import { Page } from "./Page.ts";
import { PathView } from "./PathView.ts";
import type { Home } from "./Home.ts";
import type { Phone, Registration } from "./Phone.ts";
import { wayOf, ways, type Scenario, type Way } from "./Way.ts";

/** What the reader can ask for. */
export interface Wishes {
  signIn(scenario: Scenario, name: string, password: string, turnRealm: string, way: Way): void;
  choose(way: Way): void;
  signOut(): void;
  dial(typed: string, relayOnly: boolean): void;
  answer(relayOnly: boolean): void;
  hangUp(): void;
  mute(muted: boolean): void;
}

type Tone = "quiet" | "busy" | "good" | "bad";

const registrations: Record<Registration, readonly [text: string, tone: Tone]> = {
  connecting: ["Connecting", "busy"],
  registering: ["Registering", "busy"],
  registered: ["Registered", "good"],
  lost: ["Reconnecting", "bad"],
  leaving: ["Signing out", "busy"],
  gone: ["Signed out", "quiet"],
};

const scenarios: Record<Scenario, string> = {
  S1: "by SIP Digest, scenario 1",
  S2: "by the WAF, scenario 2",
  S3: "lent by the site, scenario 3",
};

/** How many lines of what happened are kept. */
const lines = 100;

/** Shows a phone as it is now and passes on what the reader does. */
export class View {
  readonly #page: Page;
  readonly #call: CallView;
  readonly #path: PathView;
  readonly #credential: CredentialView;

  constructor(document: Document, wishes: Wishes) {
    this.#page = new Page(document);
    this.#call = new CallView(this.#page);
    this.#path = new PathView(this.#page);
    this.#credential = new CredentialView(this.#page);
    this.#listen(wishes);
  }

  /** Fills in what is known before anyone signs in and puts the cursor where typing is needed. */
  open(user: string, turnRealm: string, scenario: Scenario, way: Way): void {
    for (const id of ["way", "way-now"])
      this.#page.element(id).replaceChildren(...ways.map(({ id, name }) => new Option(name, id, false, id === way.id)));
    this.#page.input(scenario).checked = true;
    this.#showScenario();
    this.#page.input("user").value = user;
    this.#page.input("turn-realm").value = turnRealm;
    this.#page.element<HTMLDetailsElement>("more").open = turnRealm !== "";
    this.#page.input(scenario !== "S1" ? scenario : user ? "password" : "user").focus();
  }

  /** Names the network, and offers what there is to choose in it. */
  name({ realm, client }: Home): void {
    this.#page.write("text", "realm", realm);
    for (const id of ["choices", "solution"]) this.#page.hide(id, client === undefined);
  }

  /** Shows a sentence where nobody is signed in. */
  say(sentence: string): void {
    this.#notice(sentence, "bad");
  }

  /** Adds a line to what happened. */
  tell(line: string): void {
    const list = this.#page.element("told");
    const [item, time] = [document.createElement("li"), document.createElement("time")];
    time.textContent = new Date().toLocaleTimeString("en-GB");
    item.append(time, line);
    list.prepend(item);
    while (list.childElementCount > lines) list.lastElementChild!.remove();
  }

  /** @param now milliseconds since 1970 */
  show(phone: Phone, now: number): void {
    this.#showRegistration(phone);
    this.#page.title = title(phone);
    this.#page.write("text", "me", phone.name);
    this.#page.write("text", "me-initial", initial(phone.name));
    this.#page.write("text", "me-address", `sip:${phone.name}@${phone.home.realm}`);
    this.#page.write("text", "me-scenario", scenarios[phone.scenario]);
    this.#call.show(phone.call, now);
    this.#path.show(phone.name, phone.call);
    this.#credential.show(phone, now);

    const ending = phone.notice ? undefined : phone.call?.ending;
    this.#notice(phone.notice ?? ending?.sentence ?? "", ending?.well ? "quiet" : "bad");
  }

  #showRegistration({ registration }: Phone): void {
    const page = this.#page;
    const [text, tone] = registrations[registration];
    page.set(page.element("registration"), text);
    page.element("registration").dataset.tone = tone;
    page.element<HTMLButtonElement>("place-call").disabled = registration !== "registered";

    const signedIn = registration !== "gone";
    const changed = page.element("desk").hidden === signedIn;
    page.hide("sign-in", signedIn);
    page.hide("desk", !signedIn);
    page.element("page").dataset.place = signedIn ? "desk" : "door";
    if (changed) page.input(signedIn ? "callee" : this.#scenario === "S1" ? "password" : this.#scenario).focus();
  }

  get #scenario(): Scenario {
    return (["S2", "S3"] as const).find(scenario => this.#page.input(scenario).checked) ?? "S1";
  }

  /** A name and a password are typed here in scenario 1 only. */
  #showScenario(): void {
    const elsewhere = this.#scenario !== "S1";
    this.#page.hide("by-digest", elsewhere);
    // What is disabled is neither asked for nor sent.
    for (const id of ["user", "password"]) this.#page.input(id).disabled = elsewhere;
  }

  #listen(wishes: Wishes): void {
    const page = this.#page;
    const relayOnly = page.input("relay-only");
    page.element("sign-in").addEventListener("submit", event => {
      event.preventDefault();
      const password = page.input("password");
      const way = wayOf(page.element<HTMLSelectElement>("way").value);
      wishes.signIn(this.#scenario, page.input("user").value, password.value, page.input("turn-realm").value.trim(), way);
      password.value = "";
    });
    page.element("choices").addEventListener("change", () => this.#showScenario());
    page.element("way-now").addEventListener("change", event => wishes.choose(wayOf((event.target as HTMLSelectElement).value)));
    page.element("dial").addEventListener("submit", event => {
      event.preventDefault();
      wishes.dial(page.input("callee").value, relayOnly.checked);
    });
    const click = (id: string, act: () => void) => page.element(id).addEventListener("click", act);
    click("sign-out", () => wishes.signOut());
    click("answer", () => wishes.answer(relayOnly.checked));
    click("decline", () => wishes.hangUp());
    click("hang-up", () => wishes.hangUp());
    click("mute", () => wishes.mute(page.element("mute").dataset.muted !== "true"));
  }

  #notice(sentence: string, tone: Tone): void {
    const notice = this.#page.element("notice");
    this.#page.set(notice, sentence);
    notice.dataset.tone = tone;
  }
}

/** The title tells a window among many what it is about. */
function title({ name, registration, call }: Phone): string {
  if (registration === "gone") return "Portunus";
  if (call?.stage === "incoming") return `☎ ${call.peer} calls ${name}`;
  return call && !call.over ? `${name} – ${call.peer}` : `${name} – Portunus`;
}
