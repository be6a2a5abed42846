import { Alert, Button, Form, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { fenOf, formatYuan, yuanOf } from '../../../ui/values/money.ts'
import { Payer } from './bill-states.tsx'

type Detail = Answer<'/web/payments/bill'>

const reasonBytes = 80
const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** Gives back a paid bill's money, all or a part, and says what came of it. */
export function RefundForm({ id, onDone }: { id: number; onDone(): void }): ReactNode {
  const read = useRead('/web/payments/bill', { id })
  const refunds = useRead('/web/payments/refunds', { billId: id, pageSize: 100 })
  const [refund, setRefund] = useState<Answer<'/web/payments/refunds/create'>>()
  const error = read.error ?? refunds.error
  if (refund) return <Answered refund={refund} onDone={onDone} />
  if (error)
    return <ErrorState error={error} retry={() => void Promise.all([read.refetch(), refunds.refetch()])} />
  if (!read.data || !refunds.data) return <Loading />
  const asked = refunds.data.list
    .filter(one => one.state !== 'closed')
    .reduce((sum, one) => sum + one.amount, 0)
  return <Amount bill={read.data} left={read.data.amount - asked} onAnswer={setRefund} />
}

function Amount(props: {
  bill: Detail
  /** What was not given back yet, in fen. */
  left: number
  onAnswer(refund: Answer<'/web/payments/refunds/create'>): void
}): ReactNode {
  const t = useText('payments-bills')
  const { bill, left } = props
  const create = useAct('/web/payments/refunds/create', {
    refresh: ['/web/payments'],
    confirm: ({ amount }) => ({
      title: t('refundTitle', { amount: formatYuan(amount), payer: bill.userName }),
      content: t('refundHint'),
      okText: t('refund'),
      danger: true,
    }),
  })
  if (left <= 0) return <Alert type="info" showIcon title={t('refundNothing')} />
  return (
    <DrawerForm<{ amount: string; reason?: string }>
      submit={t('refund')}
      isRunning={create.isRunning}
      initialValues={{ amount: yuanOf(left), reason: '' }}
      onFinish={async ({ amount, reason = '' }) => {
        const answer = await create.run({ billId: bill.id, amount: fenOf(amount) ?? 0, reason })
        if (answer) props.onAnswer(answer)
      }}
    >
      <p style={{ marginTop: 0 }}>
        {bill.title} <Payer bill={bill} />
      </p>
      <Form.Item
        name="amount"
        label={t('refundAmount')}
        extra={t('refundLeft', { left: formatYuan(left), all: formatYuan(bill.amount) })}
        rules={[
          { required: true, message: t('needed', { what: t('refundAmount') }) },
          {
            validator: async (_, value = '') => {
              if (value === '') return
              const fen = fenOf(value)
              if (fen === undefined || fen < 1) throw new Error(t('amountRule'))
              if (fen > left) throw new Error(t('refundMost', { left: formatYuan(left) }))
            },
          },
        ]}
      >
        <Input inputMode="decimal" prefix="¥" autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('reason')}
        extra={t('reasonHint')}
        rules={[
          {
            validator: async (_, value = '') => {
              if (bytesOf(value) > reasonBytes) throw new Error(t('reasonRule'))
            },
          },
        ]}
      >
        <Input count={{ show: true, max: reasonBytes, strategy: bytesOf }} />
      </Form.Item>
    </DrawerForm>
  )
}

function Answered(props: { refund: Answer<'/web/payments/refunds/create'>; onDone(): void }): ReactNode {
  const t = useText('payments-bills')
  const { id, state, amount, advice, code, answer } = props.refund
  const isBad = state === 'closed' || state === 'abnormal'
  return (
    <>
      <Alert
        showIcon
        type={state === 'success' ? 'success' : isBad ? 'error' : 'info'}
        title={`${formatYuan(amount)} · ${t(`refund_${state}`)}`}
        description={
          <>
            <div>{advice}</div>
            {code ? <div>{t('answered', { answer: `${code} ${answer}` })}</div> : null}
          </>
        }
      />
      <p>
        <PageLink to="/console/payments/refunds" search={{ open: id }}>
          {t('toRefund')}
        </PageLink>
      </p>
      <DrawerActions>
        <Button type="primary" onClick={props.onDone}>
          {t('done')}
        </Button>
      </DrawerActions>
    </>
  )
}
