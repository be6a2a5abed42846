import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import { formatWhole } from '../../ui/values/format.ts'
import { formatYuan } from '../../ui/values/money.ts'
import { Fact, ItemTable } from '../bill-page.tsx'
import { useBill, type WholeBill } from '../data.ts'
import { Failed, Loading, Notice } from '../states.tsx'
import { inCapitals } from './capitals.ts'

/** Proof of a payment, made to be printed. */
export function ReceiptPage({ id }: { id: number }): ReactNode {
  const t = useText('pay')
  const { data, error, refetch } = useBill(id)
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  if (!data.payment || !data.bill.paidAt)
    return <Notice icon="warning" title={t('noReceipt')} text={t('noReceiptHint')} />
  return (
    <>
      <Receipt whole={data} paidAt={data.bill.paidAt} payment={data.payment} />
      <div className="pay-acts pay-unprinted">
        <button type="button" className="wb-button wb-primary" onClick={() => print()}>
          {t('print')}
        </button>
      </div>
    </>
  )
}

type ReceiptProps = { whole: WholeBill; paidAt: string; payment: NonNullable<WholeBill['payment']> }

function Receipt({ whole, paidAt, payment }: ReceiptProps): ReactNode {
  const t = useText('pay')
  const { bill } = whole
  const given = whole.refunds.filter(refund => refund.state === 'success')
  return (
    <article className="pay-receipt">
      <h2>{t('receiptTitle')}</h2>
      <p className="pay-receipt-corp">{whole.corpName}</p>
      <dl className="pay-facts">
        <Fact name={t('billNo')}>{bill.billNo}</Fact>
        <Fact name={t('payer')}>
          {whole.payerName}（{whole.payerUserId}）
        </Fact>
        <Fact name={t('for')}>{bill.title}</Fact>
        <Fact name={t('merchant')}>{bill.merchantName}</Fact>
        <Fact name={t('paidAt')}>{formatWhole(paidAt)}</Fact>
        <Fact name={t('way')}>{t('weixinPay')}</Fact>
        <Fact name={t('transactionId')}>{payment.transactionId}</Fact>
        <Fact name={t('outTradeNo')}>{payment.outTradeNo}</Fact>
        {payment.amount === bill.amount ? null : (
          <Fact name={t('paidTogether')}>{formatYuan(payment.amount)}</Fact>
        )}
      </dl>
      {whole.items.length > 0 ? <ItemTable items={whole.items} total={bill.amount} /> : null}
      <dl className="pay-receipt-sum">
        <Fact name={t('amount')}>{formatYuan(bill.amount)}</Fact>
        <Fact name={t('capitals')}>
          <span lang="zh-CN">{inCapitals(bill.amount)}</span>
        </Fact>
      </dl>
      {given.length > 0 ? (
        <dl className="pay-receipt-sum">
          {given.map(refund => (
            <Fact key={refund.outRefundNo} name={t('refund_success')}>
              −{formatYuan(refund.amount)} · {formatWhole(refund.endedAt ?? refund.createdAt)} ·{' '}
              {refund.outRefundNo}
            </Fact>
          ))}
          <Fact name={t('remaining')}>{formatYuan(bill.amount - bill.refunded)}</Fact>
        </dl>
      ) : null}
      {whole.remark ? (
        <p className="wb-quiet pay-receipt-remark">{t('remarkIs', { text: whole.remark })}</p>
      ) : null}
      <p className="wb-quiet pay-receipt-foot">
        {t('receiptFoot', { at: formatWhole(new Date().toISOString()) })}
      </p>
    </article>
  )
}
