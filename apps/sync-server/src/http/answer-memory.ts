/** Memory that a large answer takes until it has left, which is for its reader to decide: it is lent to their address. */
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Admission } from '../admission/admission.ts'
import { addressOf } from './patience.ts'

/** To be called before it is handed over. Whoever has to give it up is cut off. */
export function lendForAnswer(context: Context, admission: Admission, bytes: number): void {
  const { incoming, outgoing } = context.env as HttpBindings // what our own listener hands over
  if (outgoing.destroyed) return
  const loan = admission.loans.to(addressOf(context, admission), () => incoming.socket.destroy())
  outgoing.once('close', () => loan.close())
  loan.add(bytes)
}
