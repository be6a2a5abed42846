import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'

export type Webhook = Answer<'/web/developers/webhooks'>['list'][number]

type Texts = ReturnType<typeof useText<'webhooks'>>

/** After how long what is shown is read again. */
export const readAgainMs = (isWaiting = false): number => (isWaiting ? 2000 : 10_000)

/** What people may choose; the API takes single types besides. */
export const choices = [
  'directory',
  'directory.member',
  'directory.department',
  'directory.tag',
  'message.result',
  'official.event',
  'bill',
  'bill.paid',
  'bill.closed',
  'bill.refunded',
  'bill.refund_failed',
] as const

export function typeText(type: string, t: Texts): string {
  const known = choices.find(one => one === type)
  return known ? t(`type:${known}`) : type
}

export function typesText(types: readonly string[], t: Texts): string {
  return types.length === 0 ? t('typesAll') : types.map(type => typeText(type, t)).join('、')
}

/** Whether a webhook is on and gets through, and what waits. */
export function Standing(props: { webhook: Webhook }): ReactNode {
  const t = useText('webhooks')
  const { state, failingSince, waiting, failed, offReason } = props.webhook
  const isBad = offReason === 'failing' || offReason === 'gone'
  return (
    <span className="webhooks-standing">
      {state === 'off' ? (
        <State kind={isBad ? 'bad' : 'idle'}>{t('off')}</State>
      ) : (
        <State kind={failingSince ? 'warn' : 'good'}>{failingSince ? t('failing') : t('on')}</State>
      )}
      {waiting > 0 ? <span>{t('waiting', { n: waiting })}</span> : null}
      {failed > 0 ? <span>{t('failed', { n: failed })}</span> : null}
    </span>
  )
}
