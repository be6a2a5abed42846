import { type ReactNode, useEffect, useState } from 'react'
import { useRefusal } from '../ui/error-number.tsx'
import { useText } from '../ui/text.ts'
import { formatYuan } from '../ui/values/money.ts'
import { dueClass, dueWords } from './bill-words.ts'
import { type Bill, type Payer, useOpenBills, useSeen } from './data.ts'
import { hasLeftFor, usePay } from './paying/use-pay.ts'
import { go, type PayPlace } from './place.ts'
import { Failed, Loading, Notice, Warning } from './states.tsx'

/** As many as one order takes. */
const togetherAtMost = 20

type Props = { place: Extract<PayPlace, { view: 'open' }>; payer: Payer }

/** What waits to be paid, to be chosen and paid together. */
export function OpenBills({ place, payer }: Props): ReactNode {
  const t = useText('pay')
  const { data, error, refetch } = useOpenBills()
  const bills = data?.list
  useSeen(bills)
  const [chosen, setChosen] = useState<readonly number[]>(place.bills)
  const pay = usePay(payer.scriptUrl)
  const { start } = pay
  const isBack = place.isBack && bills !== undefined
  useEffect(() => {
    if (!isBack) return
    // The address must not begin a payment once more when it is opened again.
    go(`/pay/?bills=${place.bills.join(',')}`, { isReplacing: true })
    if (hasLeftFor(place.bills)) void start(place.bills)
  }, [isBack, place.bills, start])
  const fault = isFault(place.fault) ? t(`fault_${place.fault}`) : ''
  const refusal = useRefusal(place.refused)
  const warning = fault ? (
    <Warning>
      {fault}
      {refusal?.detail ? ` ${t('fault_said', { code: refusal.detail })}` : null}
    </Warning>
  ) : null
  if (error && !bills) return <Failed error={error} retry={() => void refetch()} />
  if (!bills) return <Loading />
  if (bills.length === 0)
    return (
      <>
        {warning}
        <Notice icon="check" tone="good" title={t('nothingOpen')} text={t('nothingOpenHint')}>
          <button
            type="button"
            className="wb-button"
            onClick={() => go('/pay/history', { isReplacing: true })}
          >
            {t('tabHistory')}
          </button>
        </Notice>
      </>
    )
  const groups = groupsOf(bills)
  const sole = bills.length === 1 ? bills : undefined
  const picked = sole ?? bills.filter(bill => chosen.includes(bill.id))
  const mchId = picked[0]?.mchId
  const toggle = (bill: Bill) =>
    setChosen(
      chosen.includes(bill.id)
        ? chosen.filter(id => id !== bill.id)
        : [...(mchId === bill.mchId ? picked.map(one => one.id) : []), bill.id],
    )
  const isFull = picked.length >= togetherAtMost
  return (
    <>
      {warning}
      {groups.map(group => (
        <section className="pay-group" key={group[0]?.mchId}>
          <div className="pay-group-head">
            <h2>
              {groups.length > 1
                ? group[0]?.merchantName || t('noMerchant')
                : t('count', { n: bills.length })}
            </h2>
            {group.length > 1 ? <AllButton group={group} picked={picked} choose={setChosen} /> : null}
          </div>
          <ul>
            {group.map(bill => (
              <OpenBill
                key={bill.id}
                bill={bill}
                isChosen={picked.includes(bill)}
                isFixed={sole !== undefined}
                isDisabled={isFull && !picked.includes(bill) && bill.mchId === mchId}
                onToggle={() => toggle(bill)}
              />
            ))}
          </ul>
        </section>
      ))}
      {groups.length > 1 ? <p className="wb-quiet pay-hint">{t('oneMerchant')}</p> : null}
      <PayBar
        bills={picked}
        label={sole ? t('toPay') : picked.length > 0 ? t('chosen', { n: picked.length }) : t('chooseFirst')}
        isBusy={pay.isBusy}
        failure={pay.failure}
        onPay={() => void start(picked.map(bill => bill.id).sort((a, b) => a - b))}
      />
    </>
  )
}

/** Bills of one merchant each. The phones of payers may be too old for `Map.groupBy`. */
function groupsOf(bills: readonly Bill[]): Bill[][] {
  const groups = new Map<string, Bill[]>()
  for (const bill of bills) groups.set(bill.mchId, [...(groups.get(bill.mchId) ?? []), bill])
  return [...groups.values()]
}

const faults = ['link', 'foreign', 'state', 'denied', 'snapshot', 'weixin'] as const

function isFault(text: string): text is (typeof faults)[number] {
  return (faults as readonly string[]).includes(text)
}

function AllButton(props: {
  group: readonly Bill[]
  picked: readonly Bill[]
  choose(ids: readonly number[]): void
}): ReactNode {
  const t = useText('pay')
  const first = props.group.slice(0, togetherAtMost)
  const isAll = first.every(bill => props.picked.includes(bill))
  return (
    <button
      type="button"
      className="wb-link pay-all"
      aria-pressed={isAll}
      onClick={() => props.choose(isAll ? [] : first.map(bill => bill.id))}
    >
      {t(isAll ? 'chooseNone' : 'chooseAll')}
    </button>
  )
}

type OpenBillProps = {
  bill: Bill
  isChosen: boolean
  /** The only bill needs no choice. */
  isFixed: boolean
  isDisabled: boolean
  onToggle(): void
}

function OpenBill({ bill, isChosen, isFixed, isDisabled, onToggle }: OpenBillProps): ReactNode {
  const t = useText('pay')
  const due = dueWords(t, bill.dueAt)
  return (
    <li className="pay-bill">
      {isFixed ? null : (
        <label className="pay-choice">
          <input type="checkbox" checked={isChosen} disabled={isDisabled} onChange={onToggle} />
          <span className="wisp-hidden">{t('choose', { title: bill.title })}</span>
        </label>
      )}
      <button type="button" className="pay-bill-open" onClick={() => go(`/pay/bill/${bill.id}`)}>
        <span className="wb-grow">
          <span className="pay-bill-title">{bill.title}</span>
          <span className={dueClass[due.state]}>{due.words}</span>
        </span>
        <span className="pay-amount">{formatYuan(bill.amount)}</span>
      </button>
    </li>
  )
}

type PayBarProps = {
  bills: readonly { amount: number }[]
  /** What the sum is of. */
  label: string
  isBusy: boolean
  failure: string
  onPay(): void
}

/** Stays at the lower edge: how much, and the button. */
export function PayBar({ bills, label, isBusy, failure, onPay }: PayBarProps): ReactNode {
  const t = useText('pay')
  const sum = bills.reduce((total, bill) => total + bill.amount, 0)
  return (
    <div className="pay-bar">
      {failure ? <Warning>{failure}</Warning> : null}
      <div className="pay-bar-row">
        <p className="wb-grow" aria-live="polite">
          <span className="wb-quiet">{label}</span>
          <strong className="pay-sum">{formatYuan(sum)}</strong>
        </p>
        <button
          type="button"
          className="pay-button"
          disabled={bills.length === 0 || isBusy}
          aria-busy={isBusy}
          onClick={onPay}
        >
          {t(isBusy ? 'beginning' : 'pay')}
        </button>
      </div>
    </div>
  )
}
