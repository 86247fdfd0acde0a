/** The form for a link: what it is for, what it allows, for how long and for how many. */
import { html, type TemplateResult } from 'lit'
import { describeEnd } from '../controllers/describe-when.ts'
import type { LinkChange, NewLink, SharedLink } from '../controllers/surroundings.ts'
import { bring, t } from '../words/index.ts'
import { shareEnglish } from '../words/share-english.ts'

bring(shareEnglish)

const daySeconds = 24 * 60 * 60
const lives = [
  { days: 0, words: 'linkForm.forGood' },
  { days: 1, words: 'linkForm.day' },
  { days: 7, words: 'linkForm.week' },
  { days: 30, words: 'linkForm.month' },
] as const
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
}

export function linkFields({ link, now }: LinkFormOptions): TemplateResult {
  const { role = 'edit', maxUses, expiresAt, presence = true } = link ?? {}
  const counts = crowds.includes(maxUses ?? 1) ? crowds : [...crowds, maxUses ?? 1].toSorted((a, b) => a - b)
  return html`<label class="wide"
      >${t('linkForm.label')}
      <input
        class="field"
        name="label"
        maxlength="64"
        autocomplete="off"
        placeholder=${t('linkForm.labelHint')}
        .value=${link?.label ?? ''}
      />
    </label>
    <label
      >${t('linkForm.role')}
      <select class="field" name="role">
        <option value="edit" ?selected=${role === 'edit'}>${t('linkForm.edit')}</option>
        <option value="view" ?selected=${role === 'view' && presence}>${t('linkForm.view')}</option>
        <option value=${unseen} ?selected=${role === 'view' && !presence}>${t('linkForm.viewUnseen')}</option>
      </select>
    </label>
    <label
      >${t('linkForm.people')}
      <select class="field" name="people">
        <option value="" ?selected=${maxUses === undefined}>${t('linkForm.everyone')}</option>
        ${counts.map(
          (count) =>
            html`<option value=${count} ?selected=${count === maxUses}>
              ${t('linkForm.crowd', { count })}
            </option>`,
        )}
      </select>
    </label>
    <label class="wide"
      >${t('linkForm.life')}
      <select class="field" name="days">
        ${
          expiresAt === undefined
            ? ''
            : html`<option value=${asItIs} selected>
                ${t('linkForm.asBefore', { end: describeEnd(expiresAt, now) })}
              </option>`
        }
        ${lives.map(({ days, words }) => html`<option value=${days}>${t(words)}</option>`)}
      </select>
    </label>`
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
