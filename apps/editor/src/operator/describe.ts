/** Amounts as a person would say them. */
import { spokenLanguage } from '../words/index.ts'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** With three digits at most, as the commands print it. */
export function describeBytes(bytes: number): string {
  return partsOfBytes(bytes).join('\u00a0')
}

/** The number and its unit, to be set apart. */
export function partsOfBytes(bytes: number): readonly [number: string, unit: string] {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  return [describeNumber(bytes / 1024 ** power), units[power] ?? '']
}

export function describeMs(milliseconds: number): string {
  const isLong = milliseconds >= 1000
  return new Intl.NumberFormat(spokenLanguage(), {
    style: 'unit',
    unit: isLong ? 'second' : 'millisecond',
    unitDisplay: 'short',
    maximumSignificantDigits: 2,
  }).format(isLong ? milliseconds / 1000 : milliseconds)
}

export function describeDays(days: number): string {
  const unit = { style: 'unit', unit: 'day', unitDisplay: 'long' } as const
  return new Intl.NumberFormat(spokenLanguage(), unit).format(days)
}

/** Three digits at most, unless there are more before the point. */
export function describeNumber(number: number): string {
  const whole = { maximumFractionDigits: 0 }
  return new Intl.NumberFormat(
    spokenLanguage(),
    number >= 100 ? whole : { maximumSignificantDigits: 3 },
  ).format(number)
}

export function describeMoment(time: number): string {
  return new Intl.DateTimeFormat(spokenLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(time)
}
