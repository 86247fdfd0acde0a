/** Renders a component again whenever something it shows has changed. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

export interface Subscribable {
  subscribe(listener: () => void): () => void
}

/** `sources` is asked each time the host is connected. */
export function follow(
  host: ReactiveControllerHost,
  sources: () => readonly Subscribable[],
): ReactiveController {
  let undos: (() => void)[] = []
  return {
    hostConnected() {
      undos = sources().map((source) => source.subscribe(() => host.requestUpdate()))
      host.requestUpdate()
    },
    hostDisconnected() {
      for (const undo of undos) undo()
      undos = []
    },
  }
}
