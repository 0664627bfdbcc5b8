// Prints src/Credentials/Nfc.Data.cs: canonical decompositions and combining classes, read out of String.normalize.
// Needs a Node with full ICU; run: node tools/unicode/nfc.mjs > src/Credentials/Nfc.Data.cs
const hangul = c => c >= 0xAC00 && c <= 0xD7A3;
const nfd = s => s.normalize('NFD');
const nfc = s => s.normalize('NFC');
const points = [];
for (let c = 0x80; c <= 0x10FFFF; c++) if ((c < 0xD800 || c > 0xDFFF) && !hangul(c)) points.push(String.fromCodePoint(c));

const composed = [], oneWay = [], plain = [];
for (const s of points) {
  const full = [...nfd(s)];
  if (full.length === 1 && full[0] === s) { plain.push(s); continue; }
  // The last step of a composition is the longest prefix composed, and the last character.
  const first = nfc(full.slice(0, -1).join('')), last = full.at(-1);
  if (full.length > 1 && [...first].length === 1 && nfc(first + last) === s) composed.push([s, first, last]);
  else oneWay.push([s, ...full]);
}

// A row holds two: what takes three goes through the character that stands for the first two.
const known = new Map([...composed, ...oneWay].map(([s]) => [nfd(s), s]));
const pairs = oneWay.map(([s, ...full]) => {
  while (full.length > 2) full.splice(0, 2, known.get(full[0] + full[1]));
  return [s, full[0], full[1] ?? 0];
});

// x after y moves before it exactly when its class is lower and neither is 0; only the order of classes matters.
const above = (x, y) => nfd('a' + x + y) === 'a' + y + x && x !== y;
const marks = plain.filter(s => above(s, '\u0334') || above('\u0345', s));
marks.sort((x, y) => above(x, y) ? 1 : above(y, x) ? -1 : x.codePointAt(0) - y.codePointAt(0));
const rank = new Map();
let height = 1;
marks.forEach((s, i) => rank.set(s.codePointAt(0), i > 0 && above(s, marks[i - 1]) ? ++height : height));
const runs = [];
for (const c of [...rank.keys()].sort((a, b) => a - b)) {
  const last = runs.at(-1);
  if (last && last[0] + last[1] === c && last[2] === rank.get(c)) last[1]++;
  else runs.push([c, 1, rank.get(c)]);
}

const classes = runs.map(([c, n, k]) => [String.fromCodePoint(c), n, k]);

const hex = s => typeof s === 'number' ? s : '0x' + s.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
function table(name, summary, rows) {
  const lines = [];
  let line = '       ';
  for (const row of rows) {
    const text = ' ' + row.map(hex).join(',') + ',';
    if (line.length + text.length > 128) { lines.push(line); line = '       '; }
    line += text;
  }
  lines.push(line);
  return `    /// <summary>${summary}</summary>\n    static ReadOnlySpan<int> ${name} =>\n    [\n${lines.join('\n')}\n    ];\n`;
}

process.stdout.write(`// Long because Unicode is: data of Unicode ${process.versions.unicode}, printed by tools/unicode/nfc.mjs.
namespace Portunus.Credentials;

// Assigned characters never change here (Unicode's normalization stability policy), so a later version only adds rows.
static partial class Nfc
{
${table('Composed', 'Character, first, second: decomposes and composes.', composed)}
${table('Decomposed', 'Character, first, second or 0: only decomposes.', pairs)}
${table('Classes', 'First character, how many, and the rank of their canonical combining class.', classes)}}
`);
