import { Button, Form, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'

type Difference = Row<'/web/payments/reconciliation'>

/** Says why a difference is there; its alert ends with the last of them. */
export function Acknowledge(props: { mchId: string; day: string; difference: Difference }): ReactNode {
  const t = useText('payments-reconciliation')
  const [isOpen, setOpen] = useState(false)
  const { mchId, day } = props
  const { kind, number } = props.difference
  const acknowledge = useAct('/web/payments/reconciliation/acknowledge', {
    refresh: ['/web/payments/reconciliation'],
    done: t('acknowledged'),
  })
  if (!isOpen)
    return (
      <Button type="link" aria-label={`${t('acknowledge')} ${number}`} onClick={() => setOpen(true)}>
        {t('acknowledge')}
      </Button>
    )
  return (
    <Form<{ note: string }>
      layout="vertical"
      style={{ minWidth: 220 }}
      onFinish={({ note }) => void acknowledge.run({ mchId, day, kind, number, note })}
    >
      <Form.Item name="note" label={t('note')} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={200} placeholder={t('noteHint')} autoFocus />
      </Form.Item>
      <Button htmlType="submit" loading={acknowledge.isRunning}>
        {t('acknowledge')}
      </Button>
    </Form>
  )
}
