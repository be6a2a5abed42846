import type { ReactNode } from 'react'
import { useText } from '../ui/text.ts'
import { formatDay } from '../ui/values/format.ts'
import { formatYuan } from '../ui/values/money.ts'
import { standingOf } from './bill-words.ts'
import { type Bill, useHistory } from './data.ts'
import { go } from './place.ts'
import { Failed, Loading, Notice } from './states.tsx'

/** Bills that are paid or closed, newest first. */
export function HistoryPage(): ReactNode {
  const t = useText('pay')
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useHistory()
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const bills = data.pages.flatMap(page => page.list)
  if (bills.length === 0)
    return <Notice icon="message" title={t('nothingPast')} text={t('nothingPastHint')} />
  return (
    <>
      <section className="pay-group">
        <ul>
          {bills.map(bill => (
            <PastBill key={bill.id} bill={bill} />
          ))}
        </ul>
      </section>
      {hasNextPage ? (
        <button
          type="button"
          className="wb-button wb-more"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('more')}
        </button>
      ) : (
        <p className="wb-end">{t('noMore')}</p>
      )}
    </>
  )
}

function PastBill({ bill }: { bill: Bill }): ReactNode {
  const t = useText('pay')
  const at = bill.paidAt ?? bill.closedAt
  return (
    <li className="pay-bill">
      <button type="button" className="pay-bill-open" onClick={() => go(`/pay/bill/${bill.id}`)}>
        <span className="wb-grow">
          <span className="pay-bill-title">{bill.title}</span>
          <span className="wb-quiet">
            {t(standingOf(bill))}
            {at ? ` · ${formatDay(at)}` : ''}
          </span>
        </span>
        <span className="pay-amount">{formatYuan(bill.amount)}</span>
      </button>
    </li>
  )
}
