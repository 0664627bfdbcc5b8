import { Home } from "./Home.ts";
import { Memory } from "./Memory.ts";
import { Phone } from "./Phone.ts";
import { Ringer } from "./Ringer.ts";
import { TurnCredentialRequest } from "./TurnCredentialRequest.ts";
import { View } from "./View.ts";

// Of what is typed only the name is remembered, never the password.
const lastUser = new Memory(() => localStorage, "portunus.user");
// RFC 5626 §4.1: an instance keeps its id over a reload; another tab is another instance.
const instance = new Memory(() => sessionStorage, "portunus.instance");

// The answer may come after the reader has begun to type, so whoever needs it waits for it.
const home = isSecureContext
  ? Home.ask(location.href)
  : Promise.reject(new Error("Browsers give the microphone only to pages from localhost or over HTTPS. Open one of those."));
const ringer = new Ringer();
let phone: Phone | undefined;

const view = new View(document, {
  signIn: (typed, password, turnRealm) => void home.then(home => {
    const name = home.subscriber(typed);
    if (!name) return view.say(`“${typed.trim()}” is not a name in ${home.realm}.`);
    lastUser.value = name;
    instance.value ??= crypto.randomUUID();
    follow(new Phone(home, { name, password }, new TurnCredentialRequest(turnRealm), instance.value));
  }, explain),
  signOut: () => void phone?.signOut(),
  dial: (typed, relayOnly) => phone?.dial(typed, relayOnly),
  answer: relayOnly => phone?.answer(relayOnly),
  hangUp: () => phone?.call?.hangUp(),
  mute: muted => phone?.call?.mute(muted),
});

const asked = new URLSearchParams(location.search);
view.open(asked.get("user") ?? lastUser.value ?? "", asked.get("turn-realm") ?? "");
home.then(home => view.name(home.realm), explain);

// Remaining life and duration change without any event.
setInterval(() => phone && phone.registration !== "gone" && view.show(phone, Date.now()), 1000);
addEventListener("pagehide", () => phone?.leave());
// A page that comes back from the browser's memory has left already: it begins anew.
addEventListener("pageshow", event => event.persisted && location.reload());

function follow(mine: Phone): void {
  phone = mine;
  const show = () => {
    if (mine !== phone) return;
    view.show(mine, Date.now());
    ringer.follow(mine.call?.stage);
  };
  mine.addEventListener("change", show);
  mine.addEventListener("told", event => view.tell((event as CustomEvent<string>).detail));
  mine.start();
  show();
}

function explain(error: Error): void {
  view.say(error.message);
}
