import { Home } from "./Home.ts";
import { Lease } from "./Lease.ts";
import { Memory } from "./Memory.ts";
import { Phone, type Subscriber } from "./Phone.ts";
import { Ringer } from "./Ringer.ts";
import { View } from "./View.ts";
import { wayOf, type Way } from "./Way.ts";
import { WebLogin } from "./WebLogin.ts";

// Of what is typed only the name is remembered, never the password.
const lastUser = new Memory(() => localStorage, "portunus.user");
// RFC 5626 §4.1: an instance keeps its id over a reload; another tab is another instance.
const instance = new Memory(() => sessionStorage, "portunus.instance");
// State and verifier of a sign-in, and what was chosen before it, while the browser is at the WAF.
const login = new Memory(() => sessionStorage, "portunus.login");
const wish = new Memory(() => sessionStorage, "portunus.wish");

// The answer may come after the reader has begun to type, so whoever needs it waits for it.
const home = isSecureContext
  ? Home.ask(location.href)
  : Promise.reject(new Error("Browsers give the microphone only to pages from localhost or over HTTPS. Open one of those."));
const ringer = new Ringer();
let phone: Phone | undefined;

const view = new View(document, {
  signIn: (scenario, typed, password, turnRealm, way) => void home.then(async home => {
    if (scenario === "S2") {
      wish.value = JSON.stringify([turnRealm, way.id]);
      return WebLogin.leave(home, login);
    }
    if (scenario === "S3") {
      const bearer = await Lease.take(home);
      return open(home, { scenario, name: bearer.name, bearer }, turnRealm, way);
    }
    const name = home.subscriber(typed);
    if (!name) return view.say(`“${typed.trim()}” is not a name in ${home.realm}.`);
    lastUser.value = name;
    open(home, { scenario, name, password }, turnRealm, way);
  }).catch(explain),
  choose: way => phone?.choose(way),
  signOut: () => void phone?.signOut(),
  dial: (typed, relayOnly) => phone?.dial(typed, relayOnly),
  answer: relayOnly => phone?.answer(relayOnly),
  hangUp: () => phone?.call?.hangUp(),
  mute: muted => phone?.call?.mute(muted),
});

const asked = new URLSearchParams(location.search);
const answered = WebLogin.isAnswer(asked);
const [wishedRealm, wishedWay] = answered ? JSON.parse(wish.value ?? "[]") as [string?, string?] : [];
const scenario = answered ? "S2" : (["S2", "S3"] as const).find(one => one === asked.get("scenario")) ?? "S1";
const turnRealm = wishedRealm ?? asked.get("turn-realm") ?? "";
const way = wayOf(wishedWay ?? asked.get("way"));
view.open(asked.get("user") ?? lastUser.value ?? "", turnRealm, scenario, way);
home.then(async home => {
  view.name(home);
  if (!answered) return;
  // A code is good once; a page that is loaded again must not send it again.
  history.replaceState(null, "", location.pathname);
  const bearer = await WebLogin.finish(home, asked, login);
  open(home, { scenario: "S2", name: bearer.name, bearer }, turnRealm, way);
}).catch(explain);

// Remaining life and duration change without any event.
setInterval(() => phone && phone.registration !== "gone" && view.show(phone, Date.now()), 1000);
addEventListener("pagehide", () => phone?.leave());
// A page that comes back from the browser's memory has left already: it begins anew.
addEventListener("pageshow", event => event.persisted && location.reload());

function open(home: Home, who: Subscriber, turnRealm: string, way: Way): void {
  instance.value ??= crypto.randomUUID();
  follow(new Phone(home, who, turnRealm, way, instance.value));
}

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
