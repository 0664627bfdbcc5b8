import { Home } from "./Home.ts";
import { Phone } from "./Phone.ts";
import { Ringer } from "./Ringer.ts";
import { TurnCredentialRequest } from "./TurnCredentialRequest.ts";
import { View, type Wishes } from "./View.ts";

// Of what is typed only the name is remembered, never the password.
const rememberedUser = "portunus.user";
// RFC 5626 §4.1: an instance keeps its id over a reload; another tab is another instance.
const rememberedInstance = "portunus.instance";

const asked = new URLSearchParams(location.search);
let home: Home | undefined;
let phone: Phone | undefined;
const ringer = new Ringer();

const view = new View(document, {
  signIn(typed, password, turnRealm) {
    const name = home?.subscriber(typed);
    if (!home) return;
    if (!name) return view.say(`“${typed.trim()}” is not a name in ${home.realm}.`);
    localStorage.setItem(rememberedUser, name);
    phone = new Phone(home, { name, password }, new TurnCredentialRequest(turnRealm), instance());
    const mine = phone;
    const show = () => {
      if (mine !== phone) return;
      view.show(mine, Date.now());
      ringer.follow(mine.call?.stage);
    };
    mine.addEventListener("change", show);
    mine.addEventListener("told", event => view.tell((event as CustomEvent<string>).detail));
    mine.start();
    show();
  },
  signOut: () => void phone?.signOut(),
  dial: (typed, relayOnly) => phone?.dial(typed, relayOnly),
  answer: relayOnly => phone?.answer(relayOnly),
  hangUp: () => phone?.call?.hangUp(),
  mute: muted => phone?.call?.mute(muted),
} satisfies Wishes);

// Remaining life and duration change without any event.
setInterval(() => phone && phone.registration !== "gone" && view.show(phone, Date.now()), 1000);
addEventListener("pagehide", () => phone?.leave());
// A page that comes back from the browser's memory has left already: it begins anew.
addEventListener("pageshow", event => event.persisted && location.reload());

try {
  if (!isSecureContext) throw new Error("Browsers give the microphone only to pages from localhost or over HTTPS. Open one of those.");
  home = await Home.ask(location.href);
  view.open(home.realm, asked.get("user") ?? localStorage.getItem(rememberedUser) ?? "", asked.get("turn-realm") ?? "");
} catch (error) {
  view.say((error as Error).message);
}

function instance(): string {
  const id = sessionStorage.getItem(rememberedInstance) ?? crypto.randomUUID();
  sessionStorage.setItem(rememberedInstance, id);
  return id;
}
