/**
 * What is asked of the operator's API, and its answer, in plain values: to load the classes of `fetch` takes a command as long
 * as all the rest of its start.
 */

export interface Asked {
  readonly method: string
  /** With its query, from the root of the API's host. */
  readonly path: string
  readonly body?: AskedBody | undefined
}

export interface AskedBody {
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface Answer {
  readonly status: number
  readonly bytes: Uint8Array
}
