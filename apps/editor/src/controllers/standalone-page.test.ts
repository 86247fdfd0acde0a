import { expect, test } from 'vitest'
import { standalonePage } from './standalone-page.ts'

test('a title is words and nothing else', () => {
  const page = standalonePage({
    title: '</title><script>alert(1)</script> & "more"',
    html: '<p>Text</p>',
    language: 'en',
  })
  expect(page).toContain(
    '<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;</title>',
  )
  expect(page).not.toContain('<script>')
})

test('nothing in it may run, and it asks no other site for anything but pictures', () => {
  const page = standalonePage({ title: 'T', html: '<p>Text</p>', language: 'en' })
  expect(page.indexOf('content-security-policy')).toBeLessThan(page.indexOf('<style>'))
  expect(page).toContain("default-src 'none'")
  expect(page).not.toContain('script-src')
  expect(page).toContain('<p>Text</p>')
})
