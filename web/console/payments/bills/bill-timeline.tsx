import { Timeline } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { Actor } from '../../../ui/objects/actor.tsx'
import { type Translator, useText } from '../../../ui/text.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { Time } from '../../../ui/values/time.tsx'
import { words } from './words.ts'

type Entry = Answer<'/web/payments/bill'>['timeline'][number]
type T = Translator<'payments-bills'>

const colours: Record<string, string> = {
  paid: 'green',
  refunded: 'green',
  differs: 'red',
  refundFailed: 'red',
  closed: 'gray',
  orderClosed: 'gray',
}

/** What became of a bill: who did what, and what WeChat Pay said. */
export function BillTimeline({ timeline }: { timeline: readonly Entry[] }): ReactNode {
  const t = useText('payments-bills')
  const channels = useRead('/web/payments/bills/choices').data?.channels ?? []
  const channelOf = (name: string) => channels.find(one => one.name === name)?.label ?? name
  return (
    <Timeline
      style={{ marginTop: 8 }}
      items={timeline.map((entry, index) => ({
        key: index,
        color: colourOf(entry),
        content: (
          <div>
            <div className="bills-entry">
              <strong>{titleOf(t, entry)}</strong>
              <span className="wisp-quiet">
                <Time exact at={entry.at} />
              </span>
              {entry.who ? (
                <span className="wisp-quiet">
                  <Actor id={entry.who} name={entry.who} />
                </span>
              ) : null}
            </div>
            {factsOf(t, entry, channelOf).map(fact => (
              <div key={fact} className="bills-facts">
                {fact}
              </div>
            ))}
          </div>
        ),
      }))}
    />
  )
}

function isTold({ kind, detail }: Entry): boolean {
  return (kind === 'told' || kind === 'reminded') && detail['why'] === ''
}

function colourOf(entry: Entry): string {
  const { kind } = entry
  if (kind === 'told' || kind === 'reminded') return isTold(entry) ? 'blue' : 'orange'
  return colours[kind] ?? 'blue'
}

function titleOf(t: T, entry: Entry): string {
  const { kind } = entry
  if (kind === 'told' && !isTold(entry)) return t('event_notTold')
  if (kind === 'reminded' && !isTold(entry)) return t('event_notReminded')
  return words(t, 'event_', kind)
}

/** The details in words; what is empty is left out. */
function factsOf(t: T, { kind, detail }: Entry, channelOf: (name: string) => string): string[] {
  const of = (name: string) => String(detail[name] ?? '')
  const fact = (label: 'orderNo' | 'transactionId' | 'refundNo' | 'reason', name: string) =>
    of(name) ? [t('fact', { label: t(label), value: of(name) })] : []
  const amount = () => [formatYuan(Number(detail['amount']))]
  switch (kind) {
    case 'told':
    case 'reminded':
      return [
        ...(of('channel') ? [t('through', { channel: channelOf(of('channel')) })] : []),
        ...(of('why') ? [words(t, 'why_', of('why'))] : []),
        ...(of('said') ? [of('said')] : []),
      ]
    case 'ordered':
      return [words(t, 'product_', of('product')), ...fact('orderNo', 'outTradeNo')]
    case 'orderClosed':
      return [words(t, 'trade_', of('tradeState')), ...fact('orderNo', 'outTradeNo')]
    case 'paid':
      return [
        words(t, 'product_', of('product')),
        ...fact('transactionId', 'transactionId'),
        ...fact('orderNo', 'outTradeNo'),
      ]
    case 'differs':
      return [
        words(t, 'fault_', of('what')),
        t('theirsAndOurs', { theirs: of('theirs'), ours: of('ours') }),
        ...fact('orderNo', 'outTradeNo'),
      ]
    case 'refundAsked':
      return [...amount(), ...fact('reason', 'reason'), ...fact('refundNo', 'outRefundNo')]
    case 'refunded':
      return [...amount(), ...fact('refundNo', 'outRefundNo')]
    case 'refundFailed':
      return [
        ...(of('state') ? [words(t, 'refund_', of('state'))] : []),
        ...(of('code') || of('text')
          ? [t('answered', { answer: `${of('code')} ${of('text')}`.trim() })]
          : []),
        ...fact('refundNo', 'outRefundNo'),
      ]
    default:
      return []
  }
}
