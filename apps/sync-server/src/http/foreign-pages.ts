/** What pages of other origins have their visitors' browsers ask: without a key, and so for all that needs none. */
import type { Context, MiddlewareHandler } from 'hono'
import { Problem } from './problem.ts'
import { bearerOf } from './requests.ts'

export interface ForeignPagesOptions {
  /** May a page of this origin speak to the server that goes by this name? */
  readonly allowsOrigin: (origin: string, host: string | undefined) => boolean
  /** May the server be called so? */
  readonly allowsHost: (host: string | undefined) => boolean
}

/** Nothing is written for them, and nothing counted against whoever visits them. What is read they are not shown. */
export function refuseForeignPages({ allowsOrigin, allowsHost }: ForeignPagesOptions): MiddlewareHandler {
  return async (context, next) => {
    if (bearerOf(context) === undefined && !allowsHost(context.req.header('host')))
      throw new Problem(
        'not-allowed',
        'This server lets everybody in, but not by a name that it does not know (QUIRE_PUBLIC_URL).',
      )
    const isReading = context.req.method === 'GET' || context.req.method === 'HEAD'
    if (!isReading && isFromForeignPage(context, allowsOrigin))
      throw new Problem('not-allowed', 'Pages of this origin are not let in here.')
    await next()
  }
}

/** Browsers say so, over https at least; of others the origin is looked at, which they send with all that may write. */
function isFromForeignPage(context: Context, allowsOrigin: ForeignPagesOptions['allowsOrigin']): boolean {
  const site = context.req.header('sec-fetch-site')
  if (site === 'same-origin' || site === 'none') return false
  const origin = context.req.header('origin')
  if (origin === undefined) return site !== undefined
  return !allowsOrigin(origin, context.req.header('host'))
}
