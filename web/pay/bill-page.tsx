import { type ReactNode, useMemo } from 'react'
import { useText } from '../ui/text.ts'
import { formatDay, formatTime } from '../ui/values/format.ts'
import { formatYuan } from '../ui/values/money.ts'
import { dueClass, dueWords, standingOf } from './bill-words.ts'
import { type Payer, useBill, useSeen, type WholeBill } from './data.ts'
import { PayBar } from './open-bills.tsx'
import { usePay } from './paying/use-pay.ts'
import { go } from './place.ts'
import { Failed, Loading } from './states.tsx'

/** One bill: what it is for, what became of it, and the button to pay it. */
export function BillPage({ id, payer }: { id: number; payer: Payer }): ReactNode {
  const t = useText('pay')
  const { data, error, refetch } = useBill(id)
  const pay = usePay(payer.scriptUrl)
  const bills = useMemo(() => (data ? [data.bill] : []), [data])
  useSeen(bills)
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const { bill } = data
  return (
    <>
      <section className="pay-card pay-top">
        <h2>{bill.title}</h2>
        <p className="pay-sum">{formatYuan(bill.amount)}</p>
        <p className={`pay-standing pay-${standingOf(bill)}`}>{t(standingOf(bill))}</p>
      </section>
      <Facts whole={data} />
      {data.items.length > 0 ? <Items whole={data} /> : null}
      {data.refunds.length > 0 ? <Refunds refunds={data.refunds} /> : null}
      <section className="pay-card">
        <h3>{t('story')}</h3>
        <ol className="pay-story">
          {data.story.map(({ kind, at }) => (
            <li key={`${kind} ${at}`}>
              <span>{t(`event_${kind}`)}</span>
              <time className="wb-quiet" dateTime={at}>
                {formatTime(at)}
              </time>
            </li>
          ))}
        </ol>
      </section>
      {bill.state === 'paid' ? (
        <div className="pay-acts">
          <button type="button" className="wb-button" onClick={() => go(`/pay/receipt/${bill.id}`)}>
            {t('receipt')}
          </button>
        </div>
      ) : null}
      {bill.state === 'open' ? (
        <PayBar
          bills={[bill]}
          label={t('toPay')}
          isBusy={pay.isBusy}
          failure={pay.failure}
          onPay={() => void pay.start([bill.id])}
        />
      ) : null}
    </>
  )
}

function Facts({ whole }: { whole: WholeBill }): ReactNode {
  const t = useText('pay')
  const { bill } = whole
  const due = dueWords(t, bill.dueAt)
  const isOpen = bill.state === 'open'
  return (
    <section className="pay-card">
      <dl className="pay-facts">
        <Fact name={t('billNo')}>{bill.billNo}</Fact>
        {bill.merchantName ? <Fact name={t('merchant')}>{bill.merchantName}</Fact> : null}
        {isOpen || bill.dueAt ? (
          <Fact name={t('due')}>
            <span className={isOpen && due.state !== 'later' ? dueClass[due.state] : ''}>
              {isOpen ? due.words : formatDay(bill.dueAt ?? '')}
            </span>
          </Fact>
        ) : null}
        {bill.paidAt ? <Fact name={t('paidAt')}>{formatTime(bill.paidAt)}</Fact> : null}
        {bill.closedAt ? <Fact name={t('closedAt')}>{formatTime(bill.closedAt)}</Fact> : null}
        {whole.remark ? <Fact name={t('remark')}>{whole.remark}</Fact> : null}
        {whole.attachmentUrl ? (
          <Fact name={t('attachment')}>
            <a className="wb-link" href={whole.attachmentUrl} target="_blank" rel="noopener noreferrer">
              {t('openAttachment')}
            </a>
          </Fact>
        ) : null}
      </dl>
    </section>
  )
}

export function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Items({ whole }: { whole: WholeBill }): ReactNode {
  const t = useText('pay')
  return (
    <section className="pay-card">
      <h3>{t('items')}</h3>
      <ItemTable items={whole.items} total={whole.bill.amount} />
    </section>
  )
}

export function ItemTable({ items, total }: { items: WholeBill['items']; total: number }): ReactNode {
  const t = useText('pay')
  return (
    <table className="pay-items">
      <thead>
        <tr>
          <th scope="col">{t('itemName')}</th>
          <th scope="col">{t('itemPrice')}</th>
          <th scope="col">{t('itemQuantity')}</th>
          <th scope="col">{t('itemSum')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item, index) => (
          <tr key={`${index} ${item.name}`}>
            <td>{item.name}</td>
            <td>{formatYuan(item.amount)}</td>
            <td>{item.quantity}</td>
            <td>{formatYuan(item.amount * item.quantity)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            {t('total')}
          </th>
          <td>{formatYuan(total)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

export function Refunds({ refunds }: { refunds: WholeBill['refunds'] }): ReactNode {
  const t = useText('pay')
  return (
    <section className="pay-card">
      <h3>{t('refunds')}</h3>
      <ul className="pay-story">
        {refunds.map(refund => (
          <li key={refund.outRefundNo}>
            <span>
              <b>{formatYuan(refund.amount)}</b> · {t(`refund_${refund.state}`)}
              {refund.reason ? <span className="wb-quiet"> · {refund.reason}</span> : null}
              {refund.receivedAccount ? (
                <span className="wb-quiet"> · {t('refundTo', { account: refund.receivedAccount })}</span>
              ) : null}
            </span>
            <time className="wb-quiet" dateTime={refund.endedAt ?? refund.createdAt}>
              {formatTime(refund.endedAt ?? refund.createdAt)}
            </time>
          </li>
        ))}
      </ul>
    </section>
  )
}
