import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState } from '../../../ui/feedback.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { formatYuan } from '../../../ui/values/money.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { refundStates } from '../refunds/refund-states.ts'
import { everyMs } from './bill-filters.tsx'
import { words } from './words.ts'

type Order = Answer<'/web/payments/orders'>['list'][number]

const orderStates: Record<Order['state'], StateKind> = { open: 'busy', paid: 'good', closed: 'idle' }

/** What the payer ordered at WeChat Pay to pay the bill, the latest first. */
export function BillOrders({ billId }: { billId: number }): ReactNode {
  const t = useText('payments-bills')
  const read = useRead('/web/payments/orders', { billId }, { every: everyMs })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  const list = read.data?.list ?? []
  if (list.length === 0) return null
  return (
    <>
      <h3 className="bills-section">{t('orders')}</h3>
      <ul className="bills-cards" aria-label={t('orders')}>
        {list.map(order => (
          <li key={order.id}>
            <OneOrder order={order} />
          </li>
        ))}
      </ul>
    </>
  )
}

function OneOrder({ order }: { order: Order }): ReactNode {
  const t = useText('payments-bills')
  const { fault, billIds, state } = order
  return (
    <>
      <div className="bills-entry">
        <State kind={orderStates[state]}>{t(`order_${state}`)}</State>
        <span>{formatYuan(order.amount)}</span>
        <span>{words(t, 'product_', order.product)}</span>
        {billIds.length > 1 ? (
          <span className="wisp-quiet">{t('together', { n: billIds.length })}</span>
        ) : null}
      </div>
      <div className="bills-facts">
        {t('orderNo')} <CopyId value={order.outTradeNo} />
      </div>
      {order.transactionId ? (
        <div className="bills-facts">
          {t('transactionId')} <CopyId value={order.transactionId} />
        </div>
      ) : null}
      <div className="bills-facts">
        {t('merchant')} {order.mchId} · AppID {order.appId}
      </div>
      <div className="bills-facts">
        {t('orderedAt')} <Time at={order.createdAt} />
        {state === 'open' ? (
          <>
            {' · '}
            {t('expiresAt')} <Time at={order.expiresAt} />
          </>
        ) : null}
        {order.tradeState ? ` · ${words(t, 'trade_', order.tradeState)}` : ''}
      </div>
      {fault ? (
        <Alert
          type="error"
          showIcon
          style={{ marginTop: 8 }}
          title={words(t, 'fault_', fault.what)}
          description={t('theirsAndOurs', { theirs: fault.theirs, ours: fault.ours })}
        />
      ) : null}
    </>
  )
}

export function BillRefunds({ billId }: { billId: number }): ReactNode {
  const t = useText('payments-bills')
  const read = useRead('/web/payments/refunds', { billId, pageSize: 100 }, { every: everyMs })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  const list = read.data?.list ?? []
  if (list.length === 0) return null
  return (
    <>
      <h3 className="bills-section">{t('refunds')}</h3>
      <ul className="bills-cards" aria-label={t('refunds')}>
        {list.map(refund => (
          <li key={refund.id}>
            <div className="bills-entry">
              <State kind={refundStates[refund.state]}>{t(`refund_${refund.state}`)}</State>
              <PageLink to="/console/payments/refunds" search={{ open: refund.id }}>
                {formatYuan(refund.amount)}
              </PageLink>
              <span className="wisp-quiet">
                <Time at={refund.createdAt} />
              </span>
              <span className="wisp-quiet">
                <Actor id={refund.actor} />
              </span>
            </div>
            {refund.reason ? <div className="bills-facts">{refund.reason}</div> : null}
            {refund.state === 'success' ? null : <div className="bills-facts">{refund.advice}</div>}
          </li>
        ))}
      </ul>
    </>
  )
}
