import { describe, expect, it } from 'vitest'
import { reachesOut } from './reaches-out.ts'

describe('a diagram', () => {
  it.each([
    'graph TD; A --> B; style A fill:url(#x)',
    'graph TD; A --> B; style A fill:url  (https://x)',
    '@import "x"',
    '@Font-Face',
    'image-set(x)',
    String.raw`\75rl(x)`,
    'A@{ img: "https://x" }',
    'A@{ "img" : "https://x" }',
    "A@{ 'img ' : 'https://x' }",
    'sequenceDiagram\n  links Alice: {"a": "https://x"}',
    'sequenceDiagram\r\tlink\tAlice : a @ https://x',
    '\u00a0properties\n\nAlice: {}',
    'details Alice:',
    'A["<b onclick=alert(1)>"]',
    'A["&lt;b\n onclick \n = alert(1)"]',
    'A["#60;b onload=x"]',
    'A[x3C b ONLOAD=x]',
  ])('%j is not drawn', (source) => expect(reachesOut(source)).toBe(true))

  it.each([
    'graph TD; A[Paper] --> B[Ink]',
    'A["imagine: this"]',
    'sequenceDiagram\n  Alice->>Bob: see the links below: they are new',
    'links without an end\nAlice: a',
    'A["x < y"] --> B["two = 2"]',
    'classDiagram\nclass A {\n  details : string\n}',
    'A["onclick=x"] --> B["a < b"]',
    'A["<b>button=x"]',
  ])('%j is drawn', (source) => expect(reachesOut(source)).toBe(false))
})

it.each([
  ['begin tags', '<'],
  ['are empty lines', '\n'],
  ['are spaces', ' '],
  ['could begin handlers', '< on'],
  ['could begin an address', 'url '],
  ['could begin what people link to', 'link\n'],
])('a text whose letters all %s is read in one go', (_, piece) => {
  const long = piece.repeat(1_000_000 / piece.length)
  for (const before of ['', 'img', 'links', 'url', '< on']) expect(reachesOut(before + long)).toBe(false)
})
