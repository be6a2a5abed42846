import type { ReactNode } from 'react'

export type StateKind = 'good' | 'bad' | 'warn' | 'busy' | 'idle'

/** A state as a word with a coloured dot: `<State kind="good">已送达</State>`. */
export function State(props: { kind: StateKind; children: ReactNode }): ReactNode {
  return <span className={`wisp-state wisp-state-${props.kind}`}>{props.children}</span>
}
