import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import { State, type StateKind } from '../../ui/values/state.tsx'

type MemberStateName = { kind: StateKind; name: 'active' | 'disabled' | 'notActivated' }

function toldOf(status: number): MemberStateName {
  if (status === 1) return { kind: 'good', name: 'active' }
  return status === 2 ? { kind: 'bad', name: 'disabled' } : { kind: 'warn', name: 'notActivated' }
}

export function MemberState({ status }: { status: number }): ReactNode {
  const t = useText('help-desk')
  const { kind, name } = toldOf(status)
  return <State kind={kind}>{t(name)}</State>
}
