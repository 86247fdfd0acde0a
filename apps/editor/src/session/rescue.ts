/** What somebody wrote that the server does not have: the document as it was last saved, and as it is in this page. */
export interface Rescue {
  readonly saved: Draft
  readonly own: Draft
}

export interface Draft {
  readonly title: string
  readonly text: string
}
