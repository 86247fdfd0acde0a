/** Texts of any well-formed kind. Cheaper to set up than fast-check's own unit of the kind, which takes a second. */
import * as fc from 'fast-check'

const surrogates = 0x800
const codePoint = fc
  .oneof(fc.nat(0x7f), fc.nat(0x24f), fc.nat(0x10ffff - surrogates))
  .map((index) => String.fromCodePoint(index < 0xd800 ? index : index + surrogates))

/** Any code points, control characters and NUL among them. */
export function texts(constraints: fc.StringConstraints = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: codePoint })
}

/** Any code points but NUL, which strings on the wire do not hold. */
export function wireTexts(constraints: fc.StringConstraints = {}): fc.Arbitrary<string> {
  return texts(constraints).map((text) => text.replaceAll('\0', ''))
}
