/** Everything the server answers over plain HTTP: the API, its own health, and the built editor. */
import type { HttpBindings } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono, type Context, type MiddlewareHandler } from 'hono'
import type { Logger } from '../logger.ts'
import type { MetricsPage } from '../metrics.ts'
import { compressOnce } from './compress-once.ts'
import { documentsApi, type DocumentsOptions } from './documents.ts'
import { refuseForeignPages, type ForeignPagesOptions } from './foreign-pages.ts'
import { operatorPath } from './operator/shapes.ts'
import { patience } from './patience.ts'
import { previewPage, previewPath, type PreviewPageOptions } from './preview-page.ts'
import { Problem, problemResponse } from './problem.ts'
import { problemOf } from './problem-of.ts'
import { sharedCheck } from './readiness.ts'
import { demandToken } from './requests.ts'
import { securityHeaders } from './security-headers.ts'

export interface AppOptions extends DocumentsOptions, ForeignPagesOptions {
  /** Folder of the built editor; undefined serves no pages. */
  readonly editorFolder: string | undefined
  /** Origins whose pages may show ours in a frame. */
  readonly frameAncestors?: readonly string[]
  /** False once the server has begun to stop. */
  readonly isAccepting: () => boolean
  /** Milliseconds that only ever grow. */
  readonly now: () => number
  /** Undefined: nothing is counted. */
  readonly metrics?: MetricsPage | undefined
  readonly logger: Logger
  /** The operator's API, for whoever shows the token; without one it is not there. */
  readonly operator: Hono
  readonly adminToken: string | undefined
}

const framing = new Set(['content-security-policy', 'x-frame-options'])

export function httpApp(options: AppOptions): Hono {
  const app = new Hono()
  const { editorFolder, frameAncestors = [] } = options
  const headers = securityHeaders({ frameAncestors })
  app.use(async (context, next) => {
    await next()
    // What a route has said of itself stands; whatever sets a policy of its own is framed as that says.
    const hasPolicy = context.res.headers.has('content-security-policy')
    for (const [name, value] of headers)
      if (!context.res.headers.has(name) && !(hasPolicy && framing.has(name)))
        context.res.headers.set(name, value)
  })
  app.onError((error, context) => problemResponse(context, problemOf(error, options.logger)))
  app.notFound((context) => problemResponse(context, new Problem('not-found')))

  app.use(async (context, next) => {
    const { incoming } = context.env as HttpBindings // what our own listener hands over
    if ((incoming.headersDistinct['host']?.length ?? 0) > 1)
      throw new Problem('bad-request', 'A request names its host once.')
    await next()
  })
  app.all('/sync/*', (context) => {
    context.header('connection', 'upgrade, close')
    context.header('upgrade', 'websocket')
    return problemResponse(context, new Problem('upgrade-required'))
  })
  app.get('/healthz', (context) => context.text('alive\n'))
  const check = sharedCheck(
    () => options.store.check(),
    () => options.now(),
  )
  app.get('/readyz', async (context) => {
    if (!options.isAccepting()) throw stopping()
    const { store, maxTotalBytes } = options
    // What asks knows ready and not ready.
    await check().catch((error: Error) => {
      throw new Problem('unavailable', problemOf(error, options.logger).message)
    })
    // Whoever is full still lets people read.
    const used = maxTotalBytes < Infinity ? `${store.usedBytes} of ${maxTotalBytes} bytes used\n` : ''
    return context.text(`ready\n${used}`)
  })
  const { metrics } = options
  if (metrics)
    app.get('/metrics', patience(options.admission), async (context) => {
      context.header('cache-control', 'no-store')
      demandToken(context, metrics.token, 'Only whoever watches this server may read this.')
      const text = await metrics.counted.text()
      return context.text(text, 200, { 'content-type': metrics.counted.contentType })
    })
  app.use('/api/*', refuseForeignPages(options), patience(options.admission), async (context, next) => {
    if (!options.isAccepting()) throw stopping()
    await next()
    context.res.headers.set('cache-control', 'no-store')
  })
  app.route('/api/documents', documentsApi(options))
  app.get('/api/openapi.json', async (context) => {
    // Seldom asked for, and made of every schema there is.
    const { description } = await import('./openapi/description.ts')
    return context.json(description())
  })
  const { adminToken } = options
  if (adminToken !== undefined) {
    app.use(`${operatorPath}/*`, async (context, next) => {
      demandToken(context, adminToken, 'Only the operator of this server may ask for this.')
      await next()
    })
    app.route('/', options.operator)
  }
  if (editorFolder !== undefined) serveEditor(app, { root: editorFolder, frameAncestors })
  return app
}

/** Names of built assets hold a hash of their content, so they may be kept for ever; pages may not. */
function serveEditor(app: Hono, options: PreviewPageOptions): void {
  const { root } = options
  const cacheNot = cache('no-cache')
  const page = serveStatic({ root, path: 'index.html', onFound: cacheNot })
  // Whoever could show it within a page of theirs could have the operator press what they do not see.
  const unframed = securityHeaders({ frameAncestors: [] })
  const operatorPage: typeof cacheNot = (path, context) => {
    cacheNot(path, context)
    // By whatever name: some disks know no capitals.
    if (/admin\.html$/i.test(path)) for (const [name, value] of unframed) context.header(name, value)
  }
  app.get('/admin', serveStatic({ root, path: 'admin.html', onFound: operatorPage }))
  app.get('/', page)
  app.get('/d/:id', page)
  app.get('/d/:id/text', page)
  const compressed = compressOnce()
  app.get(previewPath, compressed, previewPage(options))
  app.get(
    '/assets/*',
    compressed,
    serveStatic({ root, onFound: cache('public, max-age=31536000, immutable') }),
  )
  // The element is made to run in other people's pages.
  app.use('/embed/*', async (context, next) => {
    await next()
    context.header('access-control-allow-origin', '*')
    context.header('cross-origin-resource-policy', 'cross-origin')
  })
  app.get('/embed/*', compressed, serveStatic({ root, onFound: cacheNot }))
  app.get('/*', serveStatic({ root, onFound: operatorPage }))
  app.get('/*', forReaders, page)
}

/** What there is not is told in words to whoever reads, by a page with a way on, and to programs as by the API. */
const forReaders: MiddlewareHandler = async (context, next) => {
  const isReader = context.req.header('accept')?.includes('text/html') ?? false
  if (!isReader || context.req.path.startsWith('/api/')) throw new Problem('not-found')
  await next()
  context.res = new Response(context.res.body, { status: 404, headers: context.res.headers })
}

function cache(policy: string): (path: string, context: Context) => void {
  return (_path, context) => context.header('cache-control', policy)
}

function stopping(): Problem {
  return new Problem('unavailable', 'The server is stopping.')
}
