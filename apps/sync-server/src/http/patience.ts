/** What one address may ask of the API, and how many keys it may try. */
import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import type { Admission } from '../admission/admission.ts'
import { isWrongKey } from '../access/access.ts'
import { Problem } from './problem.ts'
import { bearerOf } from './requests.ts'

export function addressOf(context: Context, admission: Admission): string {
  const { incoming } = context.env as HttpBindings // what our own listener hands over
  return admission.addressOf(incoming)
}

/** Whoever shows no key tries none: any page on the web could have its visitors' browsers ask like that. */
export function patience(admission: Admission): MiddlewareHandler {
  return async (context, next) => {
    const address = addressOf(context, admission)
    demandPatience(admission.requestWaitMs(address))
    const key = bearerOf(context)
    if (key === undefined) return next()
    demandPatience(admission.keyWaitMs(address), 'Too many keys from this address open nothing.')
    await next()
    if (isWrong(context.error)) admission.keyWasWrong(address, { key, triedAt: context.req.path })
  }
}

/** Throws a `Problem` unless there is nothing to wait for. */
export function demandPatience(retryAfterMs: number, detail?: string): void {
  if (retryAfterMs > 0) throw new Problem('too-many-requests', detail, { retryAfterMs })
}

/** What is not there for a key that is right says nothing of the key. */
function isWrong(error: unknown): boolean {
  return isWrongKey(error) || (error instanceof Problem && error.code === 'not-authenticated')
}
