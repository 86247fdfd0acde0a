/**
 * The kinds of values that options have. None is guessed at: text that is not quite a value of its kind is refused, in
 * words that go on after the option's name, as in `PORT ("0x50") must be a whole number from 0 to 65535`.
 */
import { z } from 'zod'
import { faultOf } from './access/secret.ts'
import { parseNetwork, type Network } from './admission/addresses.ts'

type Kind<Value> = z.ZodType<Value, string>

export const text: Kind<string> = z.string().min(1, 'must not be empty')

export const onOff: Kind<boolean> = z
  .enum(['on', 'off'], 'must be on or off')
  .transform((word) => word === 'on')

/** In decimal digits and nothing else: what `Number` takes besides (`1e3`, `0x10`, ` 5`, nothing at all) is mistyped. */
export function wholeNumber(least: number, most: number): Kind<number> {
  return kind(
    (given) => numberIn(given, least, most),
    `must be a whole number from ${least} to ${most}, in digits alone`,
  )
}

/** Likewise, for what may be none. */
export function wholeNumberOrOff(least: number, most: number): Kind<number | 'off'> {
  return kind(
    (given) => (given === 'off' ? given : numberIn(given, least, most)),
    `must be off or a whole number from ${least} to ${most}, in digits alone`,
  )
}

function numberIn(digits: string, least: number, most: number): number | undefined {
  const value = /^(0|[1-9]\d*)$/.test(digits) ? Number(digits) : -1
  return least <= value && value <= most ? value : undefined
}

export function secret(minBytes: number): z.ZodString {
  return z.string().superRefine((given, context) => {
    const fault = faultOf(given, minBytes)
    if (fault !== undefined) context.addIssue(fault)
  })
}

/** What is shown as `Authorization: Bearer …`: in the letters that RFC 6750 lets it have (2.1), or nobody could show it. */
export function bearerToken(minBytes: number): Kind<string> {
  return secret(minBytes).regex(
    /^[A-Za-z0-9._~+/-]+=*$/,
    'must be made of letters, digits and -._~+/ alone, since it travels in a header',
  )
}

/** Ends in no slash, so that a path can be put after it. */
export const publicUrl: Kind<string> = kind((given) => {
  const url = webUrl(given)
  return url && url.search + url.hash === '' ? url.href.replace(/\/+$/, '') : undefined
}, 'must be a URL such as https://write.example, with no user, query or fragment')

/** With a user or a password in it, `fetch` would not take it. */
export const fetchedUrl: Kind<string> = kind(
  (given) => webUrl(given)?.href,
  'must be a URL such as https://app.example/keys.json, with no user and password',
)

export const origins: Kind<string[]> = listOf((given) => {
  const url = webUrl(given)
  return url && url.href === `${url.origin}/` && !url.host.includes('*') ? url.origin : undefined
}, 'must list each origin, such as https://write.example')

/** Nothing that could mean more where it is written into a header. */
export const frameAncestors: Kind<string[]> = listOf(
  (given) =>
    /^https?:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$/i.test(given) ? webUrl(given)?.origin : undefined,
  'must be none, or list origins such as https://app.example',
  { nothing: 'none' },
)

export const networks: Kind<Network[]> = listOf(
  parseNetwork,
  'must list addresses, or networks such as 10.0.0.0/8',
)

/** For people to recognise what they wrote: not all of a long text, and no password of a URL. */
export function quote(given: string): string {
  return JSON.stringify(abridge(given.replace(/\/\/.*@/, '//…@')))
}

export function abridge(given: string): string {
  return given.length > 60 ? `${given.slice(0, 60)}…` : given
}

/** `parse` answers undefined to what is no value; `must` says what is one. */
function kind<Value>(parse: (given: string) => Value | undefined, must: string): Kind<Value> {
  return z.string().transform((given, context) => {
    const value = parse(given)
    if (value !== undefined) return value
    context.issues.push({ code: 'custom', message: must, input: given })
    return z.NEVER
  })
}

/** `nothing`: the word for a list without items, if there may be one. */
function listOf<Value>(
  parse: (given: string) => Value | undefined,
  must: string,
  { nothing }: { readonly nothing?: string } = {},
): Kind<Value[]> {
  return z.string().transform((given, context) => {
    if (given === nothing) return []
    const values: Value[] = []
    for (const item of given.split(',').map((each) => each.trim())) {
      const value = parse(item)
      if (value !== undefined) values.push(value)
      else
        context.issues.push({
          code: 'custom',
          message: `${must}, separated by commas; ${quote(item)} is none`,
          input: given,
        })
    }
    return values
  })
}

function webUrl(given: string): URL | undefined {
  const url = URL.parse(given)
  return url && /^https?:$/.test(url.protocol) && url.username + url.password === '' ? url : undefined
}
