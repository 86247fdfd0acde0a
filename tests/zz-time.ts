import { chromium } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { chromiumLaunchOptions } from '../scripts/chromium.ts'
import { makeDataFolder, runServer } from '../scripts/run-server.ts'
const folder = makeDataFolder()
const server = await runServer({ QUIRE_DATA: folder.path })
const b = await chromium.launch(chromiumLaunchOptions())
const text =
  process.argv[2] === 'diagram'
    ? '# A\n\n```mermaid\nflowchart LR\n A --> B\n```\n'
    : readFileSync(process.argv[2]!, 'utf8')
const made = (await (
  await fetch(`${server.url}/api/documents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
).json()) as any
const p = await b.newPage()
p.on('console', (m) => console.log('>', m.text()))
p.on('pageerror', (e) => console.log('!', e.message))
await p.addInitScript(() => {
  addEventListener('message', (e) => {
    const d = e.data as any
    if (d?.type)
      console.log(
        origin,
        d.type,
        d.type === 'show' ? d.text.length : (d.code?.length ?? ''),
        Math.round(performance.now()),
      )
  })
  document.addEventListener('securitypolicyviolation', (e) =>
    console.log('policy', e.violatedDirective, e.blockedURI, e.sample),
  )
})
await p.goto(made.links.edit)
await p.getByRole('textbox', { name: 'Text' }).waitFor()
const t = Date.now()
await p.getByRole('button', { name: 'Preview' }).click()
if (process.argv[2] === 'diagram') {
  await p.frameLocator('quire-preview iframe').locator('svg').waitFor()
  console.log('svg', Date.now() - t)
  await p
    .frameLocator('quire-preview iframe')
    .locator('svg')
    .evaluate((s) => console.log(s.outerHTML.slice(0, 300)))
} else
  await p.evaluate(
    () =>
      new Promise((r) =>
        document
          .querySelector('quire-app')!
          .shadowRoot!.querySelector('quire-document')!
          .shadowRoot!.querySelector('quire-preview')!
          .addEventListener('preview-shown', r, { once: true }),
      ),
  )
console.log('shown', Date.now() - t)
if (process.argv[3]) {
  await p.getByRole('textbox', { name: 'Text' }).click()
  await p.keyboard.type('abcdef', { delay: 300 })
  await p.waitForTimeout(3000)
}
const h = Date.now()
console.log(
  (
    await p.evaluate(() =>
      (
        document
          .querySelector('quire-app')!
          .shadowRoot!.querySelector('quire-document')!
          .shadowRoot!.querySelector('quire-preview') as any
      ).renderedHtml(),
    )
  ).length,
  'html',
  Date.now() - h,
)
await b.close()
await server.stop()
folder.remove()
