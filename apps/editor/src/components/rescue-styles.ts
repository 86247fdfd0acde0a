/** How the rescue panel looks. */
import { css } from 'lit'

export const rescueStyles = css`
  dialog {
    width: 700px;
    max-height: min(46rem, 100dvh - 2 * var(--space-3));
  }
  .page {
    display: flex;
    flex-direction: column;
    gap: var(--space-4);
    max-height: inherit;
    overflow-y: auto;
  }
  .heading {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: start;
    gap: 0 var(--space-2);
  }
  .heading p {
    grid-column: 1 / -1;
  }
  .close {
    margin-block: -8px;
    margin-inline-end: -10px;
  }
  /* From edge to edge, so that what is scrolled leaves under a rule and not in mid-page. */
  .changes {
    flex: 0 1 auto;
    min-height: min(5.5rem, 50dvh);
    margin-inline: calc(-1 * var(--space-5));
    padding: var(--space-3) var(--space-5);
    border-block: 1px solid var(--rule);
    overflow-y: auto;
    overscroll-behavior: contain;
    font: var(--step-0) / 1.6 var(--prose);
    tab-size: 4;
  }
  .changes:focus-visible {
    outline-offset: -2px;
  }
  /* Each line begins on the side where its language does. */
  .lines {
    display: block;
    min-height: 1lh;
    padding-block: 1px;
    padding-inline: var(--space-3) var(--space-2);
    border-inline-start: 2px solid transparent;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
    text-align: start;
  }
  .lines[dir] {
    unicode-bidi: isolate;
  }
  .kept {
    color: var(--ink-soft);
  }
  ins {
    background: var(--rubric-wash);
    text-decoration: underline;
    text-decoration-color: var(--rubric);
    text-decoration-thickness: 1px;
    text-underline-offset: 3px;
  }
  del + ins {
    margin-inline-start: 3px;
  }
  del {
    color: var(--ink-soft);
    text-decoration: line-through;
  }
  ins.lines,
  .changed {
    border-color: var(--rubric);
  }
  ins.lines {
    text-decoration: none;
  }
  del.lines {
    border-inline-start: 2px dotted var(--ink-faint);
  }
  .folded {
    color: var(--ink-soft);
  }
  p.folded {
    padding-inline-start: calc(var(--space-3) + 2px);
    margin-block: var(--space-2);
    font-family: var(--sans);
  }
  .title {
    padding-inline-start: calc(var(--space-3) + 2px);
    color: inherit;
    font: inherit;
    overflow-wrap: anywhere;
  }
  .title + * {
    margin-top: var(--space-3);
  }
  .title small {
    margin-inline-end: var(--space-1);
    color: var(--ink-soft);
    font: var(--step--1) var(--sans);
  }
  .unseen {
    user-select: none;
  }
  @media (max-width: 600px) {
    .changes {
      margin-inline: calc(-1 * var(--space-4));
      padding-inline: var(--space-4);
    }
    .ending button {
      flex: 1 1 auto;
    }
  }
`
