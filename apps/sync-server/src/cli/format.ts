/** How facts are written for people: in columns, in units they know, and in no letter that a terminal would obey. */

/** What may not reach a terminal as it is: control characters, and marks that reorder the line. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

export function printable(text: string): string {
  return text.replaceAll(unprintable, ' ')
}

export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => string
  /** To the right, for numbers. */
  readonly isNumber?: boolean
}

/** With a head, even if there is nothing to show; each line ends where its words do. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ head }) => head),
    ...rows.map((row) => columns.map(({ cell }) => printable(cell(row)))),
  ]
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => widthOf(line[index] ?? ''))))
  return lines
    .map((line) =>
      line
        .map((word, index) => {
          const space = ' '.repeat((widths[index] ?? 0) - widthOf(word))
          return columns[index]?.isNumber ? space + word : word + space
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** `name  value`, one on each line. */
export function facts(entries: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}\n`).join('')
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function bytes(size: number): string {
  const power = size < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(size) / 10))
  const value = size / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

/** `2026-11-28 04:10`, here. */
export function moment(seconds: number): string {
  const date = new Date(seconds * 1000)
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-')
  return `${day} ${[date.getHours(), date.getMinutes()].map(twoDigits).join(':')}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value} ${value === 1 ? one : many}`
}

/** Letters of the far East take two places. */
function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes().segment(text)) width += isWide(segment) ? 2 : 1
  return width
}

/** Made when it is wanted: its rules take a while to load. */
let segmenter: Intl.Segmenter | undefined

function graphemes(): Intl.Segmenter {
  return (segmenter ??= new Intl.Segmenter())
}

const wide =
  /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

function isWide(segment: string): boolean {
  return wide.test(segment)
}
