/** What a catalogue of interface texts is made of. */

/** A text per plural form, of which `Intl.PluralRules` chooses by the parameter `count`. */
export type Plural = { readonly other: string } & { readonly [form in Intl.LDMLPluralRule]?: string }

/** Names in braces stand for parameters: `'{name} is here'`. */
export type Entry = string | Plural

export interface Catalogue {
  readonly [key: string]: Entry
}

type TextOf<Value extends Entry> = Value extends Plural ? Value['other'] : Value

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never

/** The names of the parameters that this entry has: a plural has its count, also where the text does not tell it. */
export type ParametersOf<Value extends Entry> =
  | NamesIn<TextOf<Value>>
  | (Value extends Plural ? 'count' : never)

/** The same texts in another language: each has the plural forms of its own. */
export type Translation<Source extends Catalogue> = {
  readonly [Key in keyof Source]: Source[Key] extends Plural ? Plural : string
}
