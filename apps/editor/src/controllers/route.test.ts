import { expect, test } from 'vitest'
import { pathOf, routeOf } from './route.ts'

const key = 'AAAAAAAAAAAAAAAAAAAAAA'
const site = 'https://quire.example'

test('the start page', () => {
  expect(routeOf(`${site}/`)).toEqual({ type: 'home' })
  expect(routeOf(`${site}/#top`)).toEqual({ type: 'home' })
})

test('a whole link opens its document', () => {
  const href = `${site}/d/field-notes#${key}`
  expect(routeOf(href)).toEqual({ type: 'document', link: { documentId: 'field-notes', key, href } })
})

test('a link without its whole key is told apart from an unknown address', () => {
  expect(routeOf(`${site}/d/field-notes`)).toEqual({ type: 'broken-link' })
  expect(routeOf(`${site}/d/field-notes#AAAA`)).toEqual({ type: 'broken-link' })
  expect(routeOf(`${site}/somewhere`)).toEqual({ type: 'nowhere' })
})

test('the path of a document leads back to it', () => {
  const path = pathOf({ documentId: 'a', key })
  expect(routeOf(site + path)).toEqual({
    type: 'document',
    link: { documentId: 'a', key, href: site + path },
  })
})
