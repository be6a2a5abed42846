import { Alert, Button, Descriptions } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { formatYuan } from '../../../ui/values/money.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { refundStates } from './refund-states.ts'

const path = '/web/payments/refund'
type Refund = Answer<typeof path>

const whileOpenMs = 2000
const isOpen = (refund: Refund | undefined) => refund?.state === 'asked' || refund?.state === 'processing'

/** What became of a refund, what to do about it, and the buttons for that. */
export function RefundDetail({ id }: { id: number }): ReactNode {
  const t = useText('payments-refunds')
  const read = useRead(path, { id }, { every: refund => (isOpen(refund) ? whileOpenMs : false) })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const refund = read.data
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <Alert
        showIcon
        type={refund.state === 'success' ? 'success' : refund.state === 'abnormal' ? 'error' : 'info'}
        title={refund.advice}
        {...(refund.code ? { description: `${t('answer')} ${refund.code} ${refund.answer}` } : {})}
      />
      <Descriptions
        size="small"
        bordered
        column={1}
        items={[
          {
            key: 'state',
            label: t('state'),
            children: <State kind={refundStates[refund.state]}>{t(`state_${refund.state}`)}</State>,
          },
          {
            key: 'amount',
            label: t('amount'),
            children: t('ofBill', { amount: formatYuan(refund.amount), all: formatYuan(refund.billAmount) }),
          },
          {
            key: 'bill',
            label: t('bill'),
            children: (
              <PageLink to="/console/payments/bills" search={{ open: String(refund.billId) }}>
                {refund.title}
              </PageLink>
            ),
          },
          { key: 'payer', label: t('payer'), children: `${refund.payerName}（${refund.payerUserId}）` },
          { key: 'reason', label: t('reason'), children: refund.reason || '—' },
          { key: 'merchant', label: t('merchant'), children: refund.mchId },
          { key: 'number', label: t('number'), children: <CopyId value={refund.outRefundNo} /> },
          {
            key: 'refundId',
            label: t('refundId'),
            children: refund.refundId ? <CopyId value={refund.refundId} /> : '—',
          },
          { key: 'order', label: t('order'), children: <CopyId value={refund.outTradeNo} /> },
          { key: 'received', label: t('receivedAccount'), children: refund.receivedAccount || '—' },
          { key: 'actor', label: t('actor'), children: <Actor id={refund.actor} /> },
          { key: 'createdAt', label: t('createdAt'), children: <Time at={refund.createdAt} /> },
          { key: 'endedAt', label: t('endedAt'), children: <Time at={refund.endedAt} /> },
        ]}
      />
      <Acts refund={refund} />
    </div>
  )
}

function Acts({ refund }: { refund: Refund }): ReactNode {
  const t = useText('payments-refunds')
  const refresh = ['/web/payments']
  const retry = useAct('/web/payments/refunds/retry', { refresh, done: t('asked') })
  const toMerchant = useAct('/web/payments/refunds/to-merchant', {
    refresh,
    done: t('sentToMerchant'),
    confirm: () => ({
      title: t('toMerchantTitle', { amount: formatYuan(refund.amount) }),
      content: t('toMerchantHint'),
      okText: t('toMerchant'),
    }),
  })
  if (refund.state === 'success' || refund.state === 'closed') return null
  const { id } = refund
  return (
    <DrawerActions>
      <Button loading={retry.isRunning} onClick={() => void retry.run({ id })}>
        {t('retry')}
      </Button>
      {refund.state === 'abnormal' ? (
        <Button danger loading={toMerchant.isRunning} onClick={() => void toMerchant.run({ id })}>
          {t('toMerchant')}
        </Button>
      ) : null}
    </DrawerActions>
  )
}
