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

/** The parameters that this text has. Numbers are written as the language writes them. */
export type ParametersOf<Value extends Entry> = {
  readonly [Name in NamesIn<TextOf<Value>>]: Name extends 'count' ? number : string | number
}

/** The same texts in another language: each has the plural forms of its own. */
export type Translation<Source extends Catalogue> = {
  readonly [Key in keyof Source]: Source[Key] extends Plural ? Plural : string
}
