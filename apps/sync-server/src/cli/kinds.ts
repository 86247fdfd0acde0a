/** Kinds of words that commands take, besides those of the options. */
import { parseAddress, parseDocumentName, ProtocolError, type DocumentName } from '@quire/protocol'
import { z } from 'zod'

/** The id of a document, or any link to it. */
export const documentId: z.ZodType<DocumentName, string> = z.string().transform((given, context) => {
  const name = documentNameIn(given)
  if (name !== undefined) return name
  context.issues.push({
    code: 'custom',
    message: 'must be the id of a document, or a link to it',
    input: given,
  })
  return z.NEVER
})

function documentNameIn(given: string): DocumentName | undefined {
  // In an address these lead elsewhere, so that nobody could come to them.
  if (given === '.' || given === '..') return undefined
  try {
    return parseDocumentName(encodeURIComponent(parseAddress(given)?.documentId ?? given))
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof URIError) return undefined
    throw error
  }
}

const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `90m`, `12h`, `7d`, `4w`: in seconds. */
export function duration(most: string): z.ZodType<number, string> {
  const limit = secondsIn(most) ?? Infinity
  return z.string().transform((given, context) => {
    const seconds = secondsIn(given)
    if (seconds !== undefined && seconds >= 60 && seconds <= limit) return seconds
    context.issues.push({
      code: 'custom',
      message: `must be a time such as 90m, 12h, 7d or 4w, and at most ${most}`,
      input: given,
    })
    return z.NEVER
  })
}

function secondsIn(given: string): number | undefined {
  const [, digits, unit = ''] = /^([1-9]\d{0,6})([mhdw])$/.exec(given) ?? []
  return digits === undefined ? undefined : Number(digits) * (unitSeconds[unit] ?? 0)
}
