import { describe, expect, it } from 'vitest'
import { Troubles } from './troubles.ts'

/** What is the matter after these notices; `-` stands for a connection that was lost. */
function troubleAfter(script: string): string {
  const troubles = new Troubles()
  for (const step of script.split(' ')) {
    if (step === '-') troubles.disconnected()
    else troubles.told(step)
  }
  return troubles.worst
}

describe('the trouble a server is in', () => {
  it.each([
    ['begins when it says so', 'storage-failed', 'storage-failed'],
    ['begins when it says so', 'document-full', 'document-full'],
    ['ends when it says so', 'storage-failed storage-recovered', 'none'],
    ['ends when it says so', 'document-full document-writable', 'none'],
    ['begins when it says so', 'storage-full', 'storage-full'],
    ['ends when it says so', 'storage-full storage-writable', 'none'],
    ['is not ended by the end of another', 'storage-full document-full document-writable', 'storage-full'],
    ['may come again', 'storage-failed storage-recovered storage-failed', 'storage-failed'],
    ['may be told twice', 'storage-failed storage-failed storage-recovered', 'none'],
    ['is not ended by the end of another', 'document-full storage-failed storage-recovered', 'document-full'],
    [
      'is not ended by the end of another',
      'storage-failed document-full document-writable',
      'storage-failed',
    ],
    ['is, of two, the one that does not pass by itself', 'document-full storage-failed', 'document-full'],
    ['ends with the connection', 'document-full storage-failed -', 'none'],
    ['is no business of codes we do not know', 'storage-slow', 'none'],
    ['is no business of codes we do not know', 'storage-failed storage-slow', 'storage-failed'],
    ['may be over before we came', 'storage-recovered', 'none'],
  ])('%s: %s', (_, script, trouble) => {
    expect(troubleAfter(script)).toBe(trouble)
  })
})
