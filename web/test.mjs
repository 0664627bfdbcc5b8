// Bundles each test with what it imports (Node 20 does not read TypeScript) and hands them to Node's own runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), "portunus-web-"));
try {
  const tests = readdirSync(join(web, "test")).filter(file => file.endsWith(".test.ts"));
  await build({
    absWorkingDir: web,
    entryPoints: tests.map(file => join("test", file)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  const files = tests.map(file => join(out, file.replace(/\.ts$/, ".mjs")));
  process.exitCode = spawnSync(process.execPath, ["--test", "--test-reporter=spec", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
