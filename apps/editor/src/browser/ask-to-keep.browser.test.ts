import { expect, test, vi } from 'vitest'
import { openIndexedDocument } from './indexed-document.ts'

test('the browser is asked to keep what is here when the first edit is written, and not again', async () => {
  const persist = vi.spyOn(navigator.storage, 'persist').mockRejectedValue(new TypeError('not here'))
  const documents = [
    await openIndexedDocument(crypto.randomUUID()),
    await openIndexedDocument(crypto.randomUUID()),
  ]
  const edit = { id: 'a', update: Uint8Array.of(0, 0) }
  for (const document of documents) await document.write({ saved: [edit.update], unsaved: [] })
  expect(persist).toHaveBeenCalledTimes(0)
  for (const document of documents) await document.write({ unsaved: [edit] })
  await documents[0]?.write({ unsaved: [edit] })
  expect(persist).toHaveBeenCalledTimes(1)
  for (const document of documents) document.close()
})
