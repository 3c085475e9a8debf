// Bundle the sources in src/ into the folder that is given: hashed names, a manifest, the licences of what is bundled.
// https://esbuild.github.io/api/

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url)), out = process.argv[2];
if (!out) throw new Error("say where to build: node build.mjs FOLDER");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const settings = {
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  minify: true,
  metafile: true,
  legalComments: "none", // the licences are collected below
  charset: "utf8",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
};
const pages = await esbuild.build({ ...settings, entryPoints: ["src/main.js", "src/style.css"], splitting: true, format: "esm" });
// The worker is one plain script, which every browser with workers runs; it is told where the engine is.
const worker = await esbuild.build({ ...settings, entryPoints: ["src/engine.js"], format: "iife", logOverride: { "empty-import-meta": "silent" } });
const outputs = { ...pages.metafile.outputs, ...worker.metafile.outputs };

const names = {};
for (const [file, output] of Object.entries(outputs)) {
  if (output.entryPoint) names[output.entryPoint.replace(/^src\//, "")] = relative(out, join(here, file)).split(sep).join("/");
}
const engine = readFileSync(join(here, "node_modules/oxigraph/web_bg.wasm"));
names["engine.wasm"] = `engine-${createHash("sha256").update(engine).digest("hex").slice(0, 8).toUpperCase()}.wasm`;
writeFileSync(join(out, names["engine.wasm"]), engine);
writeFileSync(join(out, "manifest.json"), JSON.stringify(names, Object.keys(names).sort(), 1) + "\n");

// A file of node_modules belongs to the package whose name follows the last "node_modules/".
const packages = new Set();
for (const output of Object.values(outputs)) {
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found && bytesInOutput) packages.add(found[1]);
  }
}
const notices = [...packages].sort().map((folder) => {
  const about = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
  const texts = readdirSync(join(here, folder), { withFileTypes: true })
    .filter((entry) => /^(licen[cs]e|notice|copying)/i.test(entry.name)).map((entry) => join(here, folder, entry.name))
    .flatMap((path) => (statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path])).sort()
    .map((path) => readFileSync(path, "utf8").trim());
  // A package that leaves the text of its licence out, and offers ours.
  if (!texts.length && /\bApache-2\.0\b/.test(about.license)) texts.push(readFileSync(join(here, "..", "LICENSE"), "utf8").trim());
  if (!texts.length) throw new Error(`${about.name} has no text of its licence, ${about.license}`);
  const author = typeof about.author === "string" ? about.author : about.author?.name ?? "";
  return `${about.name} ${about.version} (${about.license})${author ? `, ${author}` : ""}\n\n${texts.join("\n\n")}\n`;
});
writeFileSync(join(out, "THIRD-PARTY.txt"),
  `Third-party packages in these files, with their licences.\n\n${notices.join(`\n${"-".repeat(80)}\n\n`)}`);
if (!existsSync(join(out, names["main.js"]))) throw new Error("esbuild wrote no main.js");
