import { gunzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { compressOnce } from './compress-once.ts'

const words = 'again and again '.repeat(100)

function appWith(options: Parameters<typeof compressOnce>[0]): {
  /** How the answer is encoded, if at all. */
  readonly encodingOf: (path: string) => Promise<string | null>
} {
  const app = new Hono().get('/:name', compressOnce(options), (context) => context.text(words))
  return {
    async encodingOf(path) {
      const response = await app.request(path, { headers: { 'accept-encoding': 'gzip' } })
      const encoding = response.headers.get('content-encoding')
      const bytes = await response.bytes()
      expect(String(encoding ? gunzipSync(bytes) : Buffer.from(bytes))).toBe(words)
      return encoding
    },
  }
}

describe('what is compressed once', () => {
  it('is kept until there is as much of it as may be, and then what is new goes as it is', async () => {
    const { encodingOf } = appWith({ maxKeptBytes: 50 })
    expect(await encodingOf('/a')).toBe('gzip')
    expect(await encodingOf('/b')).toBe('gzip')
    expect(await encodingOf('/c')).toBeNull()
    expect(await encodingOf('/a')).toBe('gzip')
  })
})
