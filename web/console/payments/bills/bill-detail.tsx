import { Alert, Button, Descriptions } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { formatNumber } from '../../../ui/values/format.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { DueTime, Time } from '../../../ui/values/time.tsx'
import { everyMs } from './bill-filters.tsx'
import { BillState, Payer } from './bill-states.tsx'
import { BillTimeline } from './bill-timeline.tsx'
import { BillOrders, BillRefunds } from './orders.tsx'

type Detail = Answer<'/web/payments/bill'>

/** Everything about a bill; its orders and refunds for administrators who may handle money. */
export function BillDetail({ id }: { id: number }): ReactNode {
  const t = useText('payments-bills')
  const { isSuper } = useSession()
  const read = useRead('/web/payments/bill', { id }, { every: everyMs })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const bill = read.data
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: 12 }}>
      <div className="bills-head">
        <strong>{formatYuan(bill.amount)}</strong>
        <BillState bill={bill} />
        {bill.refunded > 0 ? (
          <span className="wisp-quiet">{t('ofIt', { amount: formatYuan(bill.refunded) })}</span>
        ) : null}
      </div>
      {bill.hasLeft && bill.state === 'open' ? (
        <Alert type="warning" showIcon title={t('payerLeft')} />
      ) : null}
      <Facts bill={bill} />
      <Items bill={bill} />
      <h3 className="bills-section">{t('timeline')}</h3>
      <BillTimeline timeline={bill.timeline} />
      {isSuper ? (
        <>
          <BillOrders billId={id} />
          <BillRefunds billId={id} />
        </>
      ) : null}
      <Acts bill={bill} />
    </div>
  )
}

function Facts({ bill }: { bill: Detail }): ReactNode {
  const t = useText('payments-bills')
  const maybe = (key: 'toldAt' | 'seenAt' | 'paidAt' | 'closedAt') =>
    bill[key] ? [{ key, label: t(key), children: <Time at={bill[key]} /> }] : []
  return (
    <Descriptions
      size="small"
      bordered
      column={1}
      items={[
        { key: 'title', label: t('billTitle'), children: bill.title },
        { key: 'billNo', label: t('billNo'), children: <CopyId value={bill.billNo} /> },
        { key: 'payer', label: t('payer'), children: <Payer bill={bill} /> },
        {
          key: 'dueAt',
          label: t('dueAt'),
          children: <DueTime at={bill.dueAt} isOpen={bill.state === 'open'} none={t('dueNever')} />,
        },
        ...(bill.remark ? [{ key: 'remark', label: t('remark'), children: bill.remark }] : []),
        ...(bill.attachmentUrl
          ? [
              {
                key: 'attachment',
                label: t('attachment'),
                children: (
                  <a href={bill.attachmentUrl} target="_blank" rel="noreferrer noopener">
                    {bill.attachmentUrl}
                  </a>
                ),
              },
            ]
          : []),
        { key: 'notify', label: t('notify'), children: t(bill.notify ? 'notifyYes' : 'notifyNo') },
        { key: 'merchant', label: t('merchant'), children: bill.mchId || t('defaultMerchant') },
        { key: 'developer', label: t('developer'), children: bill.developer || t('byConsole') },
        {
          key: 'createdBy',
          label: t('createdBy'),
          children: <Actor id={bill.createdBy} name={bill.createdBy} />,
        },
        { key: 'createdAt', label: t('createdAt'), children: <Time at={bill.createdAt} /> },
        ...maybe('toldAt'),
        ...maybe('seenAt'),
        ...maybe('paidAt'),
        ...(bill.transactionId
          ? [
              {
                key: 'transactionId',
                label: t('transactionId'),
                children: <CopyId value={bill.transactionId} />,
              },
            ]
          : []),
        ...maybe('closedAt'),
      ].map(item => ({ ...item, children: <div className="bills-value">{item.children}</div> }))}
    />
  )
}

function Items({ bill }: { bill: Detail }): ReactNode {
  const t = useText('payments-bills')
  if (bill.items.length === 0) return null
  return (
    <>
      <h3 className="bills-section">{t('items')}</h3>
      <div className="bills-lines">
        <table className="wisp-figures" aria-label={t('items')}>
          <thead>
            <tr>
              <th scope="col">{t('itemName')}</th>
              <th scope="col">{t('price')}</th>
              <th scope="col">{t('itemQuantity')}</th>
              <th scope="col">{t('itemSum')}</th>
            </tr>
          </thead>
          <tbody>
            {bill.items.map(({ name, amount, quantity }, index) => (
              <tr key={index}>
                <th scope="row">{name}</th>
                <td>{formatYuan(amount)}</td>
                <td>{formatNumber(quantity)}</td>
                <td>{formatYuan(amount * quantity)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Acts({ bill }: { bill: Detail }): ReactNode {
  const t = useText('payments-bills')
  const { isSuper } = useSession()
  const refund = useOpen('refund')
  const close = useAct('/web/payments/bills/close', {
    refresh: ['/web/payments'],
    done: t('closedNow'),
    confirm: () => ({
      title: t('closeTitle', { title: bill.title, amount: formatYuan(bill.amount) }),
      content: t('closeHint'),
      okText: t('close'),
      danger: true,
    }),
  })
  const mayRefund = isSuper && bill.state === 'paid' && bill.refunded < bill.amount
  if (!mayRefund && !bill.mayClose) return null
  return (
    <DrawerActions>
      {mayRefund ? <Button onClick={() => refund.open(bill.id)}>{t('refund')}</Button> : null}
      {bill.mayClose ? (
        <Button danger loading={close.isRunning} onClick={() => void close.run({ id: bill.id })}>
          {t('closeBill')}
        </Button>
      ) : null}
    </DrawerActions>
  )
}
