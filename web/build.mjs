// Bundles the page into the server's wwwroot, or into the folder named as the first argument.
// The result is committed, so a server can be built without Node; a test compares it with a fresh build, byte for byte.
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(web, "../src/Server/wwwroot"));

// JsSIP reads its own name and version from its package.json; the rest of that file has no business on the page.
const nameAndVersion = {
  name: "jssip-name-and-version",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]jssip[\\/]package\.json$/ }, async ({ path }) => {
      const { title, version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ title, version }), loader: "json" };
    }),
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const { metafile } = await build({
  absWorkingDir: web,
  entryPoints: [{ in: "src/main.ts", out: "phone" }, { in: "src/phone.css", out: "phone" }],
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  legalComments: "none",
  banner: { js: "/*! Portunus, Apache-2.0. What is bundled with it: licences.txt */" },
  plugins: [nameAndVersion],
  metafile: true,
  logLevel: "warning",
});

for (const file of ["index.html", "key.svg"])
  await cp(join(web, "src", file), join(out, file));
await writeFile(join(out, "licences.txt"), await licences(Object.keys(metafile.inputs)));

// The licence text of every package of which a file went into the bundle, in the order of the packages' names.
async function licences(inputs) {
  const packages = new Set(inputs.flatMap(input => input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? []));
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = join(web, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find(entry => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), "utf8") : `${license}\n`;
    texts.push(`${name} ${version}\n\n${text.replaceAll("\r\n", "\n").trim()}\n`);
  }
  return `Third-party software in phone.js, with its licences\n\n${texts.join(`\n${"-".repeat(72)}\n\n`)}`;
}
