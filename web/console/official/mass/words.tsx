import type { ReactNode } from 'react'
import { type Translator, useText } from '../../../ui/text.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import type { MassView } from './form.ts'

const kinds: Record<MassView['state'], StateKind> = {
  approval: 'warn',
  waiting: 'idle',
  going: 'busy',
  done: 'good',
  partly: 'warn',
  failed: 'bad',
  stopped: 'idle',
  rejected: 'idle',
  deleted: 'idle',
}

export function MassStateView({ state }: { state: MassView['state'] }): ReactNode {
  const t = useText('official-mass')
  return <State kind={kinds[state]}>{t(`state_${state}`)}</State>
}

export function toWords(
  t: Translator<'official-mass'>,
  { to, tagName, receivers }: Pick<MassView, 'to' | 'tagName' | 'receivers'>,
): string {
  const who = to === 'tag' ? t('toTag', { name: tagName }) : t(`to_${to}`)
  return t('toWith', { who, n: receivers })
}
