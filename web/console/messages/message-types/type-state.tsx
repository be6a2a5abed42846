import { Tag } from 'antd'
import type { ReactNode } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'

const kinds: Record<Row<'/web/message-types'>['state'], StateKind> = {
  draft: 'warn',
  live: 'good',
  trial: 'warn',
  paused: 'idle',
  revoked: 'bad',
}

export function TypeState(props: { type: Pick<Row<'/web/message-types'>, 'state'> }): ReactNode {
  const t = useText('message-types')
  const { state } = props.type
  return <State kind={kinds[state]}>{t(`state_${state}`)}</State>
}

/** That the newest version waits for approval; nothing otherwise. */
export function Waits(props: {
  type: Pick<Row<'/web/message-types'>, 'waitsForApproval' | 'newest'>
}): ReactNode {
  const t = useText('message-types')
  const { waitsForApproval, newest } = props.type
  return waitsForApproval ? <Tag color="warning">{t('waits', { n: newest })}</Tag> : null
}
