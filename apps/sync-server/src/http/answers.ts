/** What the documents API answers, as schemas: what its answers are typed by, and described with. Times are seconds since 1970. */
import { z } from 'zod'
import { roles } from '@quire/protocol'

export const count = z.int().min(0)
export const time = z.int()
export const role = z.enum(roles)

export const madeDocument = z.object({
  id: z.string(),
  links: z.object({ own: z.string(), edit: z.string(), view: z.string() }),
})
export type MadeDocument = z.infer<typeof madeDocument>

export const takenOver = madeDocument.extend({
  links: madeDocument.shape.links.nullable().describe('null: none were asked for'),
})
export type TakenOver = z.infer<typeof takenOver>

export const session = z.object({
  token: z.string(),
  expiresAt: time,
  role,
  user: z.object({ id: z.string(), name: z.string(), colour: z.string() }),
})
export type Session = z.infer<typeof session>

export const link = z.object({
  id: z.string(),
  role,
  label: z.string(),
  createdAt: time,
  expiresAt: time.nullable(),
  maxUses: count.nullable(),
  uses: count,
  presence: z.boolean(),
  url: z.string().nullable().describe('null: the operator made it, and its address cannot be shown again'),
})
export type Link = z.infer<typeof link>

export const links = z.object({ links: z.array(link) })

/** RFC 9457 */
export const problem = z.object({
  title: z.string(),
  status: z.int(),
  code: z.string().describe('stable, for programs'),
  detail: z.string().optional(),
})
