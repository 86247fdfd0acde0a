import { expect, test, vi } from 'vitest'
import { LazyParts } from './lazy-parts.ts'

const hostOf = () => ({
  addController: vi.fn(),
  removeController: vi.fn(),
  requestUpdate: vi.fn(),
  updateComplete: Promise.resolve(true),
})

test('a part is fetched once, and shown when it is here', async () => {
  const host = hostOf()
  const load = vi.fn(() => Promise.resolve())
  const parts = new LazyParts(host, { menu: load })
  expect(parts.state('menu')).toBe('no')
  expect(await Promise.all([parts.fetch('menu'), parts.fetch('menu')])).toEqual([true, true])
  expect(await parts.fetch('menu')).toBe(true)
  expect(parts.state('menu')).toBe('yes')
  expect(load).toHaveBeenCalledOnce()
  expect(host.requestUpdate).toHaveBeenCalledOnce()
})

test('a part that could not be fetched is tried again when it is wanted again', async () => {
  const load = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValueOnce(undefined)
  const parts = new LazyParts(hostOf(), { menu: load })
  expect(await parts.fetch('menu')).toBe(false)
  expect(parts.state('menu')).toBe('failed')
  expect(await parts.fetch('menu')).toBe(true)
  expect(parts.state('menu')).toBe('yes')
})
