// Makes the site that the release build serves, out of the WebAssembly that cargo built: script and module
// for browsers, the stylesheet, the files of public/, and compressed copies of all of them.
//
//     node xtask/site.mjs MODULE.wasm XTASK FOLDER
//
// XTASK is the program beside this file. In FOLDER, where the server's program is, it makes `site` and
// `hash.txt`, in which Leptos looks the hashes up that the names carry. What is called how is in
// Cargo.toml, where cargo-leptos reads it too.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { minify } from "terser";

const [module, xtask, folder] = process.argv.slice(2);
const run = (program, ...options) =>
  execFileSync(program, options, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 26 });

const { metadata } = JSON.parse(run("cargo", "metadata", "--no-deps", "--offline", "--format-version", "1"));
const [options] = metadata.leptos;
const name = options["output-name"];

// A folder of its own until it is whole: what broke off is never served.
const site = join(folder, "site");
const fresh = join(folder, "site.new");
const pkg = join(fresh, options["site-pkg-dir"]);

// It names no other file by itself: Leptos hands it the module's address.
async function script() {
  const path = join(pkg, `${name}.js`);
  const { code } = await minify(await readFile(path, "utf8"), { module: true, compress: { passes: 2 } });
  await writeFile(path, code);
}

async function wasm() {
  const plain = join(pkg, `${name}_bg.wasm`);
  run("wasm-opt", "-Oz", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", plain, "-o", join(pkg, `${name}.wasm`));
  await rm(plain);
}

function stylesheet() {
  const { "style-file": source, browserquery } = options;
  run("lightningcss", "--bundle", "--minify", "--targets", browserquery, source, "-o", join(pkg, `${name}.css`));
}

// Another name whenever the content changes. As long as what splitting leaves room for: 22 characters.
async function hashed(kind) {
  const path = join(pkg, `${name}.${kind}`);
  const digest = createHash("sha256").update(await readFile(path)).digest();
  const hash = digest.subarray(0, 16).toString("base64url");
  await rename(path, join(pkg, `${name}.${hash}.${kind}`));
  return `${kind}: ${hash}\n`;
}

async function compressed(path) {
  const content = await readFile(path);
  const brotli = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, brotli));
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
}

await rm(fresh, { recursive: true, force: true });
await cp(options["assets-dir"], fresh, { recursive: true });
await mkdir(pkg);
run(xtask, module, pkg, name);
await wasm();
await script();
stylesheet();
const lines = [await hashed("js"), await hashed("wasm"), await hashed("css")];
const files = (await readdir(fresh, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
await Promise.all(files.map((one) => compressed(join(one.parentPath ?? one.path, one.name))));
await rm(site, { recursive: true, force: true });
await rename(fresh, site);
await writeFile(join(folder, "hash.txt"), lines.join(""));
