/** The form for a link: what it is for, what it allows, for how long and for how many. */
import { html, type TemplateResult } from 'lit'
import { describeEnd } from '../controllers/describe-when.ts'
import type { LinkChange, NewLink, SharedLink } from '../controllers/surroundings.ts'

const daySeconds = 24 * 60 * 60
const lives = [
  { days: 0, words: 'for good' },
  { days: 1, words: 'for a day' },
  { days: 7, words: 'for a week' },
  { days: 30, words: 'for a month' },
]
const crowds = [1, 2, 5, 10, 25, 100]
/** The choice to leave the end of a link where it is. */
const asItIs = 'as it is'

/** The choice of those who read without being shown to the others. */
const unseen = 'view unseen'

interface LinkFormOptions {
  /** To be changed; undefined: a new one. */
  readonly link: SharedLink | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  readonly locale: string
}

export function linkFields({ link, now, locale }: LinkFormOptions): TemplateResult {
  const { role = 'edit', maxUses, expiresAt, presence = true } = link ?? {}
  const counts = crowds.includes(maxUses ?? 1) ? crowds : [...crowds, maxUses ?? 1].toSorted((a, b) => a - b)
  return html`<label class="wide"
      >What it is for
      <input
        class="field"
        name="label"
        maxlength="64"
        autocomplete="off"
        placeholder="Only you see this"
        .value=${link?.label ?? ''}
      />
    </label>
    <label
      >Whoever has it
      <select class="field" name="role">
        <option value="edit" ?selected=${role === 'edit'}>can edit</option>
        <option value="view" ?selected=${role === 'view' && presence}>can view</option>
        <option value=${unseen} ?selected=${role === 'view' && !presence}>can view, unseen</option>
      </select>
    </label>
    <label
      >It lets in
      <select class="field" name="people">
        <option value="" ?selected=${maxUses === undefined}>everyone</option>
        ${counts.map(
          (count) =>
            html`<option value=${count} ?selected=${count === maxUses}>${describeCrowd(count)}</option>`,
        )}
      </select>
    </label>
    <label class="wide"
      >It opens the document
      <select class="field" name="days">
        ${
          expiresAt === undefined
            ? ''
            : html`<option value=${asItIs} selected>
                as before: ${describeEnd(expiresAt, { now, locale })}
              </option>`
        }
        ${lives.map(({ days, words }) => html`<option value=${days}>${words}</option>`)}
      </select>
    </label>`
}

function describeCrowd(count: number): string {
  return count === 1 ? 'one person' : `${count} people`
}

interface Filled {
  readonly role: 'view' | 'edit'
  readonly presence: boolean
  readonly label: string
  /** Undefined: everyone. */
  readonly maxUses: number | undefined
  /** Of seconds; undefined: for good. */
  readonly expiresIn: number | undefined
  readonly endsAsBefore: boolean
}

function filledIn(form: HTMLFormElement): Filled {
  const fields = new FormData(form)
  const role = fields.get('role')
  const label = fields.get('label')
  const people = Number(fields.get('people'))
  const days = Number(fields.get('days'))
  return {
    role: role === 'view' || role === unseen ? 'view' : 'edit',
    presence: role !== unseen,
    label: typeof label === 'string' ? label : '',
    maxUses: people > 0 ? people : undefined,
    expiresIn: days > 0 ? days * daySeconds : undefined,
    endsAsBefore: fields.get('days') === asItIs,
  }
}

export function newLinkIn(form: HTMLFormElement): NewLink {
  const { role, presence, label, maxUses, expiresIn } = filledIn(form)
  return { role, presence, label, maxUses, expiresIn }
}

export function linkChangeIn(form: HTMLFormElement): LinkChange {
  const { role, presence, label, maxUses = null, expiresIn = null, endsAsBefore } = filledIn(form)
  return { role, presence, label, maxUses, ...(endsAsBefore ? {} : { expiresIn }) }
}
