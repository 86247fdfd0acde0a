/** When something happened, as a person would say it. */
import { spokenLanguage, t } from '../words/index.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export function describeWhen(then: number, now: number): string {
  const language = spokenLanguage()
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const age = now - then
  // A clock that was set back makes the past look like the future.
  if (age < minuteMs) return t('when.now')
  if (age < hourMs) return relative.format(-Math.floor(age / minuteMs), 'minute')
  const days = dayNumber(now) - dayNumber(then)
  if (days === 0) return relative.format(-Math.floor(age / hourMs), 'hour')
  if (days === 1) return relative.format(-1, 'day')
  const isThisYear = new Date(then).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(then)
}

/** When a link ends, or that it has. With the time of day only where the day alone would not do. */
export function describeEnd(then: number, now: number): string {
  if (then <= now) return t('when.ended')
  const isSoon = dayNumber(then) - dayNumber(now) <= 1
  const isThisYear = new Date(then).getFullYear() === new Date(now).getFullYear()
  const format = new Intl.DateTimeFormat(spokenLanguage(), {
    day: 'numeric',
    month: 'short',
    ...(isSoon ? { hour: 'numeric', minute: '2-digit' } : {}),
    ...(isThisYear || isSoon ? {} : { year: 'numeric' }),
  })
  return t('when.ends', { date: format.format(then) })
}

/** The number of the local calendar day, so that days are as far apart as midnights, whatever the clocks did. */
function dayNumber(time: number): number {
  const date = new Date(time)
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / (24 * hourMs)
}
