import { Form, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { DatePicker } from '../../../ui/fields/dates.tsx'
import { useText } from '../../../ui/text.ts'
import { clockNow } from '../../../ui/values/picked.ts'

const keptDays = 90

export function RunForm({ onDone }: { onDone(): void }): ReactNode {
  const t = useText('payments-reconciliation')
  const merchants = useRead('/web/payments/merchants', {}).data?.list ?? []
  const run = useAct('/web/payments/reconciliation/run', {
    refresh: ['/web/payments/reconciliation'],
    done: t('started'),
  })
  const today = clockNow().startOf('day')
  const first = merchants.find(one => one.isDefault) ?? merchants[0]
  return (
    <DrawerForm<{ mchId: string; day: Dayjs }>
      key={first?.mchId}
      submit={t('run')}
      isRunning={run.isRunning}
      initialValues={{ mchId: first?.mchId, day: today.subtract(1, 'day') }}
      onFinish={async ({ mchId, day }) => {
        if (await run.run({ mchId, day: day.format('YYYY-MM-DD') })) onDone()
      }}
    >
      <Form.Item name="mchId" label={t('merchant')} rules={[{ required: true }]}>
        <Select
          options={merchants.map(one => ({ value: one.mchId, label: `${one.name}（${one.mchId}）` }))}
        />
      </Form.Item>
      <Form.Item name="day" label={t('day')} extra={t('dayHint')} rules={[{ required: true }]}>
        <DatePicker
          disabledDate={day => !day.isBefore(today) || day.isBefore(today.subtract(keptDays, 'day'))}
          allowClear={false}
          style={{ width: '100%' }}
        />
      </Form.Item>
    </DrawerForm>
  )
}
