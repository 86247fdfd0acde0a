/** Presence from programs that are not editors, through a real server into a real page: it breaks and styles nothing. */
import { once } from 'node:events'
import { absent, encodeClientMessage, limits, palette, type PresenceEntry } from '@quire/protocol'
import type { Page } from '@playwright/test'
import { WebSocket } from 'ws'
import { exactTextOf, expect, newDocument, saveState, test, textOf } from './stories.ts'

const evil = 'evil.example'
const start = { type: null, tname: 'content', item: null, assoc: -1 }
const end = { ...start, assoc: 0 }
const everything = { anchor: start, head: end }
const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { a: nested(depth - 1) })

const names: readonly unknown[] = [
  '\u202egnihtyreve skaerb\u202c',
  '<img src=x onerror="window.broken = 1"><style>* { display: none }</style>',
  '${alert(1)} {{constructor.constructor("window.broken = 1")()}}',
  'x'.repeat(7_000),
  `Z${'\u0351\u034b\u0363'.repeat(300)}`,
  '\u200b\u2060\u00ad\ufe0f',
  'two\r\nlines\u2028and\u0085more',
  '\ud83d half',
  '﷽'.repeat(64),
  '',
  { toString: 'name' },
  ['Ada'],
  1e308,
]
const colours: readonly unknown[] = [
  'red;position:fixed;inset:0;z-index:9999',
  `url(https://${evil}/colour)`,
  '#fff} * { display: none } {',
  'var(--paper); display: none',
  'expression(alert(1))',
  `#000000; background-image: url(//${evil}/x)`,
  '\\75rl(//evil.example)',
  ['#1f6fb5'],
  { '--person': 'red' },
  -1,
]
const cursors: readonly unknown[] = [
  { anchor: { ...start, tname: 'elsewhere' }, head: { ...end, tname: '__proto__' } },
  { anchor: { ...start, tname: 'constructor' }, head: end },
  {
    anchor: { ...start, tname: null, item: { client: 2 ** 32 - 1, clock: Number.MAX_SAFE_INTEGER } },
    head: end,
  },
  {
    anchor: { ...start, item: { client: -1, clock: 1.5 } },
    head: { ...end, item: { client: 1e308, clock: -0 } },
  },
  { anchor: { ...start, type: { client: 0, clock: 0 }, tname: null }, head: { type: 'content' } },
  { anchor: nested(4), head: nested(4) },
  { anchor: -1, head: 1e9 },
  { ...everything, ranges: Array.from({ length: 20 }, () => everything) },
  'everywhere',
  [],
  true,
]
const others: readonly string[] = [
  `{"__proto__":{"broken":1},"constructor":{"prototype":{"broken":1}},"user":{"__proto__":{"name":"Proto"},"id":"__proto__"},"cursor":${JSON.stringify(everything)}}`,
  '{"user":{"id":"constructor","name":"constructor","color":"constructor"},"cursor":{"__proto__":{"anchor":1}}}',
  '{"user":{"id":"toString","name":"__proto__"},"cursor":{"hasOwnProperty":1,"anchor":null}}',
  JSON.stringify({ user: { name: 'Deep' }, ...(nested(7) as object) }),
  JSON.stringify({
    user: { name: 'Large' },
    cursor: everything,
    more: 'x'.repeat(limits.maxPresenceStateBytes - 300),
  }),
  JSON.stringify({ user: 'Ada', cursor: everything }),
  JSON.stringify({ user: [], selection: everything, cursors: [everything] }),
]
/** For which the server hangs up. */
const unacceptable: readonly string[] = [
  '{"user":{"name":"NaN"},"cursor":NaN}',
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  JSON.stringify({ more: 'x'.repeat(limits.maxPresenceStateBytes) }),
  '[{"user":{"name":"List"}}]',
]

const hostileStates: readonly string[] = [
  ...names.map((name) => JSON.stringify({ user: { name }, cursor: everything })),
  ...colours.map((color, index) =>
    JSON.stringify({ user: { name: `Colour ${index}`, color, colorLight: color }, cursor: everything }),
  ),
  ...cursors.map((cursor, index) => JSON.stringify({ user: { name: `Cursor ${index}` }, cursor })),
  ...others,
]

/** As any Yjs program connects: its name and look are then its own, where Quire's are the server's. */
async function connect(page: Page): Promise<WebSocket> {
  const { origin, pathname, hash } = new URL(page.url())
  const room = pathname.replace('/d/', '/sync/')
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${room}?token=${hash.slice(1)}`)
  socket.on('error', () => undefined)
  await once(socket, 'open')
  return socket
}

function announce(socket: WebSocket, ...entries: readonly PresenceEntry[]): void {
  socket.send(encodeClientMessage({ type: 'presence', entries }))
}

/** How people are painted on the page: every style and every colour that presence could have had a part in. */
function painted(page: Page) {
  return page.evaluate(() => {
    const all = (root: Document | ShadowRoot | Element): Element[] =>
      [...root.querySelectorAll('*')].flatMap((element) => [
        element,
        ...(element.shadowRoot ? all(element.shadowRoot) : []),
      ])
    const elements = all(document)
    const drawn = elements.filter((element) => element.matches('.cm-peerCaret, .cm-peerSelection, .avatar'))
    return {
      colours: drawn
        .filter((element) => !element.matches('.more'))
        .map((element) => {
          const { style } = element as HTMLElement // of HTML's own elements
          return style.getPropertyValue('--c') || style.getPropertyValue('--person')
        }),
      properties: [
        ...new Set(drawn.flatMap((element) => [...(element as HTMLElement).style])), // as above
      ].toSorted(),
      strangers: elements.filter((element) => element.matches('img, iframe, script:not([src]), object, base'))
        .length,
      labelsWithElements: drawn.filter((element) => element.querySelector('b *')).length,
      longestName: Math.max(...drawn.map(({ textContent }) => textContent.length)),
      isPolluted: 'broken' in {} || 'broken' in window,
      size: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
    }
  })
}

test('hostile names, colours, carets and states break nothing and style nothing', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', { viewport: { width: 1280, height: 800 } })
  const requests: string[] = []
  anna.on('request', (request) => requests.push(request.url()))
  await newDocument(anna, server)
  await textOf(anna).click()
  await anna.keyboard.insertText('Some lines of text.\n'.repeat(40))
  await expect(saveState(anna)).toHaveText('Saved')
  const people = anna.locator('quire-people').getByRole('button', { name: /here$/ })
  const bar = await anna.locator('header').boundingBox()

  for (const [index, state] of unacceptable.entries()) {
    const socket = await connect(anna)
    announce(socket, { clientId: 500 + index, clock: 1, state })
    const [code] = (await once(socket, 'close')) as [number] // ws's own signature
    expect(code).toBe(4400)
  }

  const sockets: WebSocket[] = []
  for (let first = 0; first < hostileStates.length; first += 4) {
    const socket = await connect(anna)
    sockets.push(socket)
    const states = hostileStates.slice(first, first + 4)
    announce(socket, ...states.map((state, index) => ({ clientId: 1000 + first + index, clock: 1, state })))
  }
  const crowd = await connect(anna)
  announce(
    crowd,
    ...Array.from({ length: 1000 }, (_, index) => ({
      clientId: 5000 + index,
      clock: 1,
      state: JSON.stringify({ user: { id: `crowd ${index}`, name: `Crowd ${index}` }, cursor: everything }),
    })),
  )
  // A thousand moves as fast as the line takes them, and a clock at its end.
  const restless = await connect(anna)
  for (let clock = 1; clock <= 1000; clock++) {
    const cursor = clock % 2 ? everything : { anchor: end, head: end }
    announce(restless, {
      clientId: 9000,
      clock,
      state: JSON.stringify({ user: { name: 'Restless' }, cursor }),
    })
    if (clock % 100 === 0) await anna.keyboard.type('x')
  }
  announce(restless, { clientId: 9001, clock: limits.maxPresenceClock, state: '{"user":{"name":"Late"}}' })

  await people.click()
  const list = anna.getByRole('list')
  for (const name of ['Restless', 'Colour 0', 'Cursor 10', 'Large', 'Deep', '__proto__', 'Crowd 3'])
    await expect(list.getByText(name, { exact: true })).toBeAttached()
  await expect(list.getByText(/^Crowd/)).toHaveCount(4)
  await expect(list.getByText('Late')).toHaveCount(0)
  await list.getByRole('button', { name: 'Follow Colour 0', exact: true }).click()
  await expect(anna.locator('quire-following .frame')).toBeVisible()
  const page = await painted(anna)
  expect(page.colours.length).toBeGreaterThan(hostileStates.length)
  for (const colour of page.colours) expect(palette).toContain(colour)
  expect(page.properties).toEqual(['--c', '--person', 'height', 'left', 'top', 'width'])
  expect(page.longestName).toBeLessThanOrEqual(128)
  expect(page).toMatchObject({ strangers: 0, labelsWithElements: 0, isPolluted: false, size: [1280, 800] })
  expect(await anna.locator('header').boundingBox()).toEqual(bar)

  await anna.keyboard.press('Escape')
  await textOf(anna).press('ControlOrMeta+End')
  await anna.keyboard.type('Still here.')
  await expect(saveState(anna)).toHaveText('Saved')
  expect(await exactTextOf(anna)).toMatch(/^(Some lines of text\.\n){40}x{10}Still here\.$/)

  announce(restless, { clientId: 9000, clock: 2000, state: absent })
  for (const socket of [...sockets, crowd, restless]) socket.terminate()
  await expect(people).toHaveAccessibleName('Only you are here')
  await expect(anna.locator('.cm-peerCaret')).toHaveCount(0)
  expect(requests.filter((url) => url.includes(evil))).toEqual([])
})
