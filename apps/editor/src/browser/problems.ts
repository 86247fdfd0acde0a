/** What a server's refusals say, in words that can be shown as they are. */
import { isEnglish, spokenLanguage, t } from '../words/index.ts'

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined // not JSON, or cut off: told apart by whoever needs it
  }
}

/** The ways to fail that people meet here. */
const problems = [
  'bad-request',
  'not-authenticated',
  'not-allowed',
  'not-found',
  'document-unknown',
  'too-many',
  'too-large',
  'too-many-requests',
  'storage-full',
  'server-failed',
  'unavailable',
] as const

/**
 * Problem details (RFC 9457). Their words are English and say the most; in another language there are words for their
 * code. A proxy that answers for a server that is down sends neither.
 */
export function wordsOfProblem(body: unknown, status: number): string {
  const { code, title, detail } = fieldsOf(body)
  const problem = problems.find((known) => known === code)
  if (problem && !isEnglish(spokenLanguage())) return t(`problem.${problem}`)
  for (const words of [detail, title]) if (typeof words === 'string' && words) return words
  return t(status >= 500 ? 'server.unreachable' : 'server.unintelligible')
}
