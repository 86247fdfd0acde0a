import { expect, test } from 'vitest'
import { localDocumentContract } from './local-store.contract.ts'
import { MemoryDevice, MemoryDocument } from './memory-document.ts'
import { FailingDocument } from './testing/failing-document.ts'

localDocumentContract(() => {
  const device = new MemoryDevice()
  const opened: FailingDocument[] = []
  return {
    async open() {
      const document = new FailingDocument(device, 'notes')
      opened.push(document)
      return document
    },
    async failWrites(code) {
      for (const document of opened) document.failure = code
      return async () => {
        for (const document of opened) document.failure = undefined
      }
    },
  }
})

test('documents of other names and devices share nothing', async () => {
  const device = new MemoryDevice()
  const documents = [
    new MemoryDocument(device, 'notes'),
    new MemoryDocument(device, 'letters'),
    new MemoryDocument(),
    new MemoryDocument(),
  ]
  await Promise.all(documents.map((document, index) => document.write({ saved: [Uint8Array.of(index, 0)] })))
  const kept = await Promise.all(documents.map((document) => document.load()))
  expect(kept.map(({ saved }) => saved)).toEqual(documents.map((_, index) => [Uint8Array.of(index, 0)]))
})
