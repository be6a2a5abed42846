import { type ReactNode, useEffect, useState } from 'react'
import { useText } from '../../ui/text.ts'
import { formatYuan } from '../../ui/values/money.ts'
import { QrCode } from '../../ui/values/qr-code.tsx'
import { type OrderState, type Payer, useForget, useOrderState } from '../data.ts'
import { go, type PaymentState, type PayPlace } from '../place.ts'
import { Failed, Loading, Notice, Warning } from '../states.tsx'
import { type PayActions, usePay } from './use-pay.ts'

/** How long the page asks by itself. WeChat's news still arrives afterwards. */
const confirmMs = 60_000

type Props = { place: Extract<PayPlace, { view: 'paying' }>; payer: Payer }

/** How the payment stands: a code to scan, WeChat's word awaited, paid, or not. */
export function PayingPage({ place, payer }: Props): ReactNode {
  const t = useText('pay')
  const { orderId, billIds, how } = place
  const until = useUntil(how)
  const isOver = useIsOver(until)
  const of = orderId === undefined ? { billId: billIds[0] } : { orderId }
  const { data, error, refetch } = useOrderState(of, !isOver && how.end === undefined)
  const pay = usePay(payer.scriptUrl)
  const forget = useForget()
  const isPaid = data?.state === 'paid'
  useEffect(() => {
    if (isPaid) forget()
  }, [isPaid, forget])
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const bills = billIds.length > 0 ? billIds : data.bills.map(bill => bill.id)
  const again = (renew = false) => void pay.start(bills, { renew, isReplacing: true })
  const acts = <Acts pay={pay} again={again} />
  if (data.state === 'paid') return <Success order={data} />
  if (how.end === 'cancelled')
    return (
      <Notice icon="close" title={t('cancelled')} text={t('cancelledHint')}>
        {acts}
      </Notice>
    )
  if (how.end === 'failed')
    return (
      <Notice
        icon="warning"
        tone="bad"
        title={t('payFailed')}
        text={how.words ? t('payFailedWords', { words: how.words }) : t('payFailedHint')}
      >
        <Acts pay={pay} again={() => again(true)} />
      </Notice>
    )
  if (data.state === 'closed')
    return (
      <Notice icon="close" title={t('orderClosed')} text={t('orderClosedHint')}>
        {acts}
      </Notice>
    )
  if (how.qr) return <Scan order={data} qr={how.qr} isOver={isOver} pay={pay} again={() => again()} />
  return (
    <div role="status">
      <Notice
        icon="reload"
        title={t(isOver ? 'stillConfirming' : 'confirming')}
        text={t(isOver ? 'stillConfirmingHint' : 'confirmingHint')}
      >
        <button type="button" className="wb-button wb-primary" onClick={() => void refetch()}>
          {t('havePaid')}
        </button>
        <button type="button" className="wb-button" disabled={pay.isBusy} onClick={() => again()}>
          {t('payAgain')}
        </button>
        {pay.failure ? <Warning>{pay.failure}</Warning> : null}
      </Notice>
    </div>
  )
}

/** A code is shown for as long as it says, anything else is asked about for a minute. */
function useUntil({ qr }: PaymentState): number {
  const [begun] = useState(Date.now)
  return qr?.until ?? begun + confirmMs
}

function useIsOver(until: number): boolean {
  const [now, setNow] = useState(Date.now)
  const isOver = now >= until
  useEffect(() => {
    if (isOver) return
    const timer = setTimeout(() => setNow(Date.now()), Math.max(until - Date.now(), 0) + 50)
    return () => clearTimeout(timer)
  }, [until, isOver])
  return isOver
}

function Acts({ pay, again }: { pay: PayActions; again(): void }): ReactNode {
  const t = useText('pay')
  return (
    <>
      <button type="button" className="wb-button wb-primary" disabled={pay.isBusy} onClick={() => again()}>
        {t(pay.isBusy ? 'beginning' : 'payAgain')}
      </button>
      <button type="button" className="wb-button" onClick={() => go('/pay/', { isReplacing: true })}>
        {t('toBills')}
      </button>
      {pay.failure ? <Warning>{pay.failure}</Warning> : null}
    </>
  )
}

type ScanProps = {
  order: OrderState
  qr: NonNullable<PaymentState['qr']>
  isOver: boolean
  pay: PayActions
  again(): void
}

function Scan({ order, qr, isOver, pay, again }: ScanProps): ReactNode {
  const t = useText('pay')
  return (
    <section className="pay-card pay-scan">
      <p className="wb-quiet">{order.bills.map(bill => bill.title).join('、')}</p>
      <p className="pay-sum">{formatYuan(order.amount)}</p>
      {isOver ? (
        <div className="pay-scan-over">
          <p>{t('qrOver')}</p>
          <button type="button" className="wb-button wb-primary" disabled={pay.isBusy} onClick={again}>
            {t('qrAgain')}
          </button>
        </div>
      ) : (
        <>
          <QrCode value={qr.code} label={t('qrLabel')} />
          <Countdown until={qr.until} />
        </>
      )}
      {qr.reason ? <p className="pay-hint">{t(`qr_${qr.reason}`)}</p> : null}
      <ol className="pay-steps">
        <li>{t('scanStep1')}</li>
        <li>{t('scanStep2')}</li>
        <li>{t('scanStep3')}</li>
      </ol>
      {pay.failure ? <Warning>{pay.failure}</Warning> : null}
    </section>
  )
}

function Countdown({ until }: { until: number }): ReactNode {
  const t = useText('pay')
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return (
    <p className="wb-quiet pay-clock" role="timer">
      {t('qrLeft', { clock })}
    </p>
  )
}

function Success({ order }: { order: OrderState }): ReactNode {
  const t = useText('pay')
  return (
    <div role="status">
      <Notice icon="check" tone="good" title={t('paid')}>
        <p className="pay-sum">{formatYuan(order.amount)}</p>
        <ul className="pay-paid">
          {order.bills.map(bill => (
            <li key={bill.id}>
              <span className="wb-grow">{bill.title}</span>
              <span>{formatYuan(bill.amount)}</span>
              <button
                type="button"
                className="wb-link"
                aria-label={t('receiptOf', { title: bill.title })}
                onClick={() => go(`/pay/receipt/${bill.id}`)}
              >
                {t('receipt')}
              </button>
            </li>
          ))}
        </ul>
        <button
          type="button"
          className="wb-button wb-primary"
          onClick={() => go('/pay/', { isReplacing: true })}
        >
          {t('done')}
        </button>
      </Notice>
    </div>
  )
}
