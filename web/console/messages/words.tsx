import { ApiOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { type Translator, useText } from '../../ui/text.ts'
import { State, type StateKind } from '../../ui/values/state.tsx'
import type { Choices } from './channels/channel-view.ts'
import { viewOf } from './channels/channel-views.ts'

/** The figures of a message type, in their order. */
export const typeFigures = [
  'accepted',
  'waiting',
  'left',
  'reached',
  'failed',
  'read',
  'acknowledged',
  'muted',
  'expired',
  'cost',
] as const

export const messageStates = [
  'sent',
  'partial',
  'failed',
  'unknown',
  'queued',
  'cancelled',
  'recalled',
] as const

const kinds: Record<Row<'/web/messages/list'>['state'], StateKind> = {
  sent: 'good',
  partial: 'warn',
  failed: 'bad',
  unknown: 'warn',
  queued: 'busy',
  cancelled: 'idle',
  recalled: 'idle',
}

export function MessageState(props: {
  state: Row<'/web/messages/list'>['state']
  heldUntil?: string
}): ReactNode {
  const t = useText('messages')
  const isHeld = props.state === 'queued' && props.heldUntil
  return <State kind={kinds[props.state]}>{t(isHeld ? 'state_held' : `state_${props.state}`)}</State>
}

const fateKinds: Record<Row<'/web/messages/receivers'>['state'], StateKind> = {
  sent: 'good',
  waiting: 'busy',
  failed: 'bad',
  unknown: 'warn',
  cancelled: 'idle',
  recalled: 'idle',
}

export function Fate(props: {
  state: Row<'/web/messages/receivers'>['state']
  delivered: boolean
}): ReactNode {
  const t = useText('messages')
  const word = props.delivered && props.state === 'sent' ? 'fate_delivered' : (`fate_${props.state}` as const)
  return <State kind={fateKinds[props.state]}>{t(word)}</State>
}

/** The channel with this name; undefined until the choices are read. */
export function useChannel(name: string): Choices['channels'][number] | undefined {
  return useRead('/web/messages/choices').data?.channels.find(one => one.name === name)
}

export function ChannelWord(props: { channel: string }): ReactNode {
  const channel = useChannel(props.channel)
  const { Icon = ApiOutlined } = viewOf(props.channel)
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <Icon aria-hidden style={{ marginInlineEnd: 6, color: 'var(--wisp-quiet)' }} />
      {channel?.label}
    </span>
  )
}

/** The sender: a developer, or an administrator using the console. */
export function Sender(props: { row: { devId: string; developer: string; agentName: string } }): ReactNode {
  const t = useText('messages')
  const { agentName, devId, developer } = props.row
  return (
    <div style={{ maxWidth: 260 }}>
      <div>{agentName}</div>
      <div className="wisp-quiet">{devId === '' ? t('administrator') : developer}</div>
    </div>
  )
}

/** The title; of an SMS whose wording is not registered the template. */
export function Subject(props: {
  row: Pick<Row<'/web/messages/list'>, 'subject' | 'templateId'>
}): ReactNode {
  const t = useText('messages')
  const { subject, templateId } = props.row
  if (subject) return <div style={{ maxWidth: 280, overflowWrap: 'anywhere' }}>{subject}</div>
  return <span className="wisp-quiet">{templateId ? t('byTemplate', { id: templateId }) : t('noTitle')}</span>
}

/** `to` names the first receiver. */
export function Counts(props: {
  row: Pick<Row<'/web/messages/list'>, 'receivers' | 'counts'>
  to?: string
}): ReactNode {
  const t = useText('messages')
  const { receivers, counts } = props.row
  const rest = [
    counts.waiting > 0 && t('nWaiting', { n: counts.waiting }),
    counts.failed > 0 && t('nFailed', { n: counts.failed }),
    counts.unknown > 0 && t('nUnknown', { n: counts.unknown }),
    counts.cancelled > 0 && t('nCancelled', { n: counts.cancelled }),
    counts.recalled > 0 && t('nRecalled', { n: counts.recalled }),
  ].filter(Boolean)
  const isWhole = rest.length === 0
  return (
    <div>
      <div>{receiversText(t, receivers, props.to)}</div>
      {isWhole ? null : (
        <div className="wisp-quiet">
          {[counts.sent > 0 && t('nSent', { n: counts.sent }), ...rest].filter(Boolean).join(' · ')}
        </div>
      )}
    </div>
  )
}

function receiversText(t: Translator<'messages'>, n: number, to = ''): string {
  if (to === '@all') return `${t('everybody')} · ${t('nPeople', { n })}`
  if (to === '') return t('nPeople', { n })
  return n > 1 ? t('toAndOthers', { name: to, n }) : to
}
