// The service worker: it keeps the last roster pages that were seen, and shows them, marked with
// their age, while there is no network. It keeps nothing of settings, tokens and forms.
"use strict";

const pages = "pages";
const files = "files";
const mostPages = 20;
const mostFiles = 40;
const patience = 4000; // how long a page may take before the kept one is shown, in milliseconds
const offline = "/offline";

const keeps = ({ pathname }) => /^\/(me)?$|^\/teams(\/[a-z0-9-]+(\/grid)?)?$/.test(pathname);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(pages).then((kept) => kept.add(offline)).then(() => self.skipWaiting()));
});
// The page that brought the worker was there before it, and is kept as well.
async function begin() {
  await self.clients.claim();
  for (const { url } of await self.clients.matchAll()) {
    if (!keeps(new URL(url))) continue;
    const answer = await fetch(url);
    if (answer.ok && !answer.redirected) await put(pages, new Request(url), answer, mostPages);
  }
}
self.addEventListener("activate", (event) => event.waitUntil(begin()));

async function put(name, request, answer, most) {
  const kept = await caches.open(name);
  await kept.delete(request); // what is put last is the youngest
  await kept.put(request, answer);
  const old = (await kept.keys()).filter(({ url }) => !url.endsWith(offline));
  for (const one of old.slice(0, Math.max(0, old.length - most))) await kept.delete(one);
}

// forget: who is signed out leaves nothing behind.
async function forget() {
  const kept = await caches.open(pages);
  for (const one of await kept.keys()) if (!one.url.endsWith(offline)) await kept.delete(one);
}

// aged marks a kept page with when it was read; offline.js says so on it.
async function aged(answer) {
  const text = await answer.text();
  const date = new Date(answer.headers.get("date")).toISOString();
  const headers = new Headers(answer.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(text.replace("<html ", `<html data-kept="${date}" `), { headers });
}

async function page(event) {
  const { request } = event;
  const url = new URL(request.url);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.type === "opaqueredirect" || answer.redirected) return answer;
    if (answer.status === 401 || answer.status === 403) await forget();
    else if (answer.ok && keeps(url)) event.waitUntil(put(pages, request, answer.clone(), mostPages));
    return answer;
  });
  const kept = keeps(url) && (await (await caches.open(pages)).match(request, { ignoreVary: true }));
  try {
    if (!kept) return await fresh;
    const late = new Promise((done) => setTimeout(done, patience));
    const answer = await Promise.race([fresh, late]);
    return answer && answer.status < 500 ? answer : await aged(kept);
  } catch {
    return kept ? aged(kept) : (await caches.match(offline, { ignoreVary: true })) ?? Response.error();
  }
}

async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await put(files, request, answer.clone(), mostFiles);
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname.startsWith("/signout")) event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});
