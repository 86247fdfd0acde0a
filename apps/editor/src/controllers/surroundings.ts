/**
 * What the page stands on. `main` hands these to the components, so that nothing below it touches the
 * address bar, the disk, the network or the clipboard by itself.
 */
import type { Role } from '@quire/protocol'
import type { Platform } from './key-names.ts'
import type { OpenDocuments } from './open-documents.ts'
import type { RecentCommands } from './recent-commands.ts'
import type { RecentDocuments } from './recent-documents.ts'
import type { Pass } from './route.ts'
import type { SettingsStore } from './settings.ts'

export interface Surroundings {
  readonly address: AddressBar
  readonly tokens: HandedTokens
  readonly server: DocumentsServer
  readonly documents: OpenDocuments
  readonly recents: RecentDocuments
  readonly guest: Guest
  readonly settings: SettingsStore
  readonly commands: RecentCommands
  readonly tongues: Tongues
  readonly platform: Platform
  /** Resolves to whether the text is on the clipboard now; rejects as a promised text does. To be called while a click or a key lasts. */
  readonly copy: (text: string | Promise<string>) => Promise<boolean>
  /** The same with the text as it is rendered, which may take a moment. */
  readonly copyRich: (content: { readonly text: string; readonly html: Promise<string> }) => Promise<boolean>
  /** Lets people hand a link to another application; undefined where the system has no way to. */
  readonly send: ((link: { readonly title: string; readonly url: string }) => Promise<void>) | undefined
  /** Hands over a text to be kept as a file of this name; of Markdown, unless `type` tells otherwise. */
  readonly download: (name: string, text: string, type?: string) => void
  /** Asks for files of this device; none if the person thinks better of it. */
  readonly pickFiles: () => Promise<readonly File[]>
  /** Makes a key that opens nothing yet. */
  readonly makeKey: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The languages of the interface. */
export interface Tongues {
  /** BCP 47, each with its name as those who speak it call it. */
  readonly all: readonly { readonly tag: string; readonly name: string }[]
  readonly current: string
  /** Loads the page anew. */
  choose(tag: string): void
}

export interface AddressBar {
  /** The whole URL, fragment included. */
  readonly href: string
  /** Goes to a path of this site without loading a page. */
  go(path: string): void
  /** The same, in the place of what is shown now: nobody comes back to that. */
  replace(path: string): void
  /** Opens a path of this site beside this page. */
  openBeside(path: string): void
  /** Loads the page anew, with whatever version the server has now. */
  reload(): void
  /** Calls `listener` after the address changed, by whatever hand; returns the undo. */
  subscribe(listener: () => void): () => void
}

/** The access tokens that host applications have handed to this tab. */
export interface HandedTokens {
  /** The last one for this document. */
  of(documentId: string): string | undefined
}

export interface DocumentsServer {
  /** Resolves to the new document's own link, a whole URL. */
  create(document?: NewDocument): Promise<Answer<string>>
  /** What is written in it, as it was last saved. */
  text(pass: Pass): Promise<Answer<string>>
  /** The links an owner may hand out, ready to copy. */
  links(document: OwnedDocument): Promise<Answer<readonly SharedLink[]>>
  makeLink(document: OwnedDocument, link: NewLink): Promise<Answer<SharedLink>>
  /** From now on it opens nothing, and whoever came through it is sent away. */
  takeBackLink(document: OwnedDocument, linkId: string): Promise<Answer<void>>
  /** Counts at once for those who came through it. */
  changeLink(document: OwnedDocument, linkId: string, change: LinkChange): Promise<Answer<SharedLink>>
  /** Gives it another address; the one it had opens nothing any more. */
  renewLink(document: OwnedDocument, linkId: string): Promise<Answer<SharedLink>>
  /** Gives every link another address, the owner's the one with this key. */
  renewAllLinks(document: OwnedDocument, key: string): Promise<Answer<void>>
  /** For everyone, and for good. */
  deleteDocument(document: OwnedDocument): Promise<Answer<void>>
}

/** `key`: the owner's. */
export interface OwnedDocument {
  readonly documentId: string
  readonly key: string
}

export interface NewDocument {
  readonly title: string
  readonly text: string
  /** As `text-languages.ts` has them. */
  readonly language: string
}

export interface NewLink {
  readonly role: 'view' | 'edit'
  /** What its owner calls it. */
  readonly label: string
  /** In seconds from now; undefined for a link that lasts. */
  readonly expiresIn: number | undefined
  /** How many people it lets in; undefined: everyone. */
  readonly maxUses: number | undefined
  /** Whether whoever comes through it is shown to the others. */
  readonly presence: boolean
}

/** What is left out stays as it is. */
export interface LinkChange {
  readonly role: 'view' | 'edit'
  readonly label: string
  /** In seconds from now; null: it lasts. */
  readonly expiresIn?: number | null
  /** Null: it lets in everyone. */
  readonly maxUses: number | null
  readonly presence: boolean
}

export interface SharedLink {
  readonly id: string
  readonly role: Role
  /** Undefined: the server's operator made it, and nobody can be shown it again. */
  readonly url: string | undefined
  readonly label: string
  /** Milliseconds since 1970, as is `expiresAt`. */
  readonly createdAt: number
  readonly expiresAt: number | undefined
  /** How many people it lets in; undefined: everyone. */
  readonly maxUses: number | undefined
  readonly presence: boolean
  /** How many it has let in so far, if it counts them. */
  readonly uses: number
}

export type Answer<Value> =
  | { readonly type: 'given'; readonly value: Value }
  /** In words that may be shown as they are. */
  | { readonly type: 'failed'; readonly words: string }

export interface Guest {
  readonly name: string
  /** Known to this device only; keeps the guest's colour the same. */
  readonly secret: string
  rename(name: string): void
  /** Calls `listener` after the name changed, in this tab or another; returns the undo. */
  subscribe(listener: () => void): () => void
}
