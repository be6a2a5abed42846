import { Badge, theme } from 'antd'
import type { ReactNode } from 'react'

export type StateKind = 'good' | 'bad' | 'warn' | 'busy' | 'idle'

/** A state as a word with a coloured dot: `<State kind="good">已送达</State>`. */
export function State(props: { kind: StateKind; children: ReactNode }): ReactNode {
  const { token } = theme.useToken()
  const status = {
    good: 'success',
    bad: 'error',
    warn: 'warning',
    busy: 'processing',
    idle: 'default',
  } as const
  const color = props.kind === 'bad' ? token.colorError : token.colorText
  return (
    <Badge
      style={{ whiteSpace: 'nowrap' }}
      status={status[props.kind]}
      text={<span style={{ color }}>{props.children}</span>}
    />
  )
}
