/** A chart of costs beside Quire's, as an SVG that is legible on light and dark pages. */
import type { Measured } from './scenario.ts'

/** What is shown of each scenario. */
const shown: Readonly<Record<string, string>> = {
  'typing-room': 'CPU µs/delivery',
  crowd: 'CPU µs/delivery',
  'many-rooms': 'CPU µs/delivery',
  presence: 'CPU µs/move',
  open: 'CPU ms/join',
  storm: 'all synced ms',
  'out-of-order': 'CPU s',
}
const [width, labelWidth, barHeight, gap, titleHeight] = [720, 150, 14, 4, 34]
/** A bar that would be longer ends here; its number says how much it is. */
const maxRatio = 12
const barsWidth = width - labelWidth - 170

export function chartOf(measured: readonly Measured[]): string {
  let y = 8
  const parts: string[] = []
  for (const { scenario, tells, servers } of measured) {
    const number = shown[scenario]
    const own = number === undefined ? undefined : servers['quire']?.[number]
    if (number === undefined || own === undefined) continue
    parts.push(text({ x: 0, y: y + 14, words: `${scenario}: ${number}`, isBold: true }))
    parts.push(text({ x: 0, y: y + 28, words: tells }))
    y += titleHeight
    for (const [server, row] of Object.entries(servers)) {
      const value = row[number] ?? Number.NaN
      const ratio = value / own
      const length = Number.isFinite(ratio)
        ? Math.max(1, (Math.min(ratio, maxRatio) / maxRatio) * barsWidth)
        : 0
      const fill = server === 'quire' ? '#4a6fa5' : '#9a9a94'
      parts.push(text({ x: labelWidth - 8, y: y + 11, words: server, isEnd: true }))
      parts.push(
        `<rect x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" fill="${fill}"/>`,
      )
      const told = Number.isFinite(ratio) ? [String(Number(value.toPrecision(3)))] : []
      if (server !== 'quire' && Number.isFinite(ratio)) told.push(`(${ratio.toFixed(1)}×)`)
      if ((row['keys missing'] ?? 0) > 0) told.push('fell behind')
      parts.push(text({ x: labelWidth + length + 6, y: y + 11, words: told.join(' ') }))
      y += barHeight + gap
    }
    y += 14
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 0 ${width + 24} ${y}" font-family="system-ui, sans-serif" font-size="11">
<style>text { fill: #333 } @media (prefers-color-scheme: dark) { text { fill: #ddd } }</style>
${parts.join('\n')}
</svg>
`
}

function text(options: { x: number; y: number; words: string; isBold?: boolean; isEnd?: boolean }): string {
  const { x, y, words, isBold = false, isEnd = false } = options
  const weight = isBold ? ' font-weight="600"' : ''
  const anchor = isEnd ? ' text-anchor="end"' : ''
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x.toFixed(1)}" y="${y}"${weight}${anchor}>${safe}</text>`
}
