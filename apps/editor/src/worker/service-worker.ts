/**
 * Keeps the page itself on this device, so that it loads without a network; documents are kept by it, not here. The server's
 * page comes first whenever the server answers, so that nobody is left with an old one.
 */

/**
 * Everything the page is made of, put here by the build: a new build is another worker. `later` is what few people
 * need; it is kept once it has been fetched.
 */
declare const __SHELL__: {
  readonly version: string
  readonly files: readonly string[]
  readonly later: readonly string[]
}

/** What of a service worker's global scope is used here; its types and those of a page exclude each other. */
interface WorkerScope {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Waiting) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
}

interface Waiting {
  waitUntil(done: Promise<unknown>): void
}

interface Fetching {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

// A browser runs this file as a service worker and as nothing else: its global scope is that of one.
const worker = globalThis as unknown as WorkerScope
const prefix = 'quire page '
const cacheName = prefix + __SHELL__.version
const page = '/'
const assets = '/assets/'
/** A server that takes longer than this to answer is as good as none. */
const patienceMs = 4000
/** So says a server that fails, or whoever stands before one that is not there. */
const firstFailure = 500

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) => event.waitUntil(activate()))
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== worker.location.origin) return
  if (request.mode === 'navigate' && isPage(pathname)) event.respondWith(newestPage(request))
  else if (__SHELL__.files.includes(pathname)) event.respondWith(kept(request, { cacheName }))
  else if (__SHELL__.later.includes(pathname)) event.respondWith(keptOnceFetched(request))
  else if (pathname.startsWith(assets)) event.respondWith(kept(request))
})

async function install(): Promise<void> {
  const cache = await caches.open(cacheName)
  // Not out of the browser's own cache, which may hold the page of another build.
  await cache.addAll([page, ...__SHELL__.files].map((path) => new Request(path, { cache: 'no-cache' })))
  await worker.skipWaiting()
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName)
  // A page that is open since before goes on with what it is made of, which the server does not have any more.
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)))
  await worker.clients.claim()
}

/** Documents are all shown by one page. */
function isPage(pathname: string): boolean {
  return pathname === page || pathname.startsWith('/d/')
}

async function newestPage(request: Request): Promise<Response> {
  try {
    const newest = await fetch(request, { signal: AbortSignal.timeout(patienceMs) })
    return newest.status < firstFailure ? newest : ((await keptPage()) ?? newest)
  } catch (error) {
    const found = await keptPage()
    if (!found) throw error
    return found
  }
}

function keptPage(): Promise<Response | undefined> {
  return caches.match(page, { cacheName })
}

async function kept(request: Request, where?: { readonly cacheName: string }): Promise<Response> {
  return (await caches.match(request, where)) ?? fetch(request)
}

async function keptOnceFetched(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const found = await cache.match(request)
  if (found) return found
  const fetched = await fetch(request)
  if (fetched.ok) await cache.put(request, fetched.clone())
  return fetched
}
