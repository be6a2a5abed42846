import { Form } from 'antd'
import type { Dayjs } from 'dayjs'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { DatePicker } from '../../../ui/fields/dates.tsx'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { clockNow, momentPicked } from '../../../ui/values/picked.ts'

type Values = { from: PickedMember[]; to: PickedMember[]; startsAt: Dayjs | null; endsAt: Dayjs }

const fields = {
  named: { endsAt: 'endsAt', startsAt: 'startsAt', from: 'from', to: 'to' },
  codes: { '1007': 'to' },
  otherwise: 'to',
}

export function DelegationForm({ onDone }: { onDone(): void }): ReactNode {
  const t = useText('todo-console')
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const act = useFormAct('/web/console/todos/delegations/add', form, fields, {
    done: ({ moved }) => t('delegated', { n: moved }),
    refresh: ['/web/console/todos'],
  })
  const submit = async ({ from, to, startsAt, endsAt }: Values) => {
    const done = await act.run({
      from: from[0]?.userId ?? '',
      to: to[0]?.userId ?? '',
      endsAt: momentPicked(endsAt),
      ...(startsAt ? { startsAt: momentPicked(startsAt) } : {}),
    })
    if (!done) return
    unsaved.clear()
    onDone()
  }
  const rules = [{ required: true, message: t('chooseSomebody') }]
  const time = { showTime: { format: 'HH:mm' }, format: 'YYYY-MM-DD HH:mm', style: { width: '100%' } }
  return (
    <DrawerForm<Values>
      form={form}
      name="delegation"
      submit={t('delegate')}
      isRunning={act.isRunning}
      initialValues={{ from: [], to: [], startsAt: null, endsAt: clockNow().add(7, 'day').endOf('day') }}
      scrollToFirstError
      onValuesChange={unsaved.touch}
      onFinish={values => void submit(values)}
    >
      <Form.Item name="from" label={t('from')} extra={t('fromHint')} rules={rules}>
        <MemberPicker single />
      </Form.Item>
      <Form.Item name="to" label={t('to')} rules={rules}>
        <MemberPicker single />
      </Form.Item>
      <div className="todos-delegate-times">
        <Form.Item name="startsAt" label={t('startsAt')}>
          <DatePicker {...time} placeholder={t('atOnce')} />
        </Form.Item>
        <Form.Item name="endsAt" label={t('endsAt')} rules={[{ required: true, message: t('chooseEnd') }]}>
          <DatePicker {...time} minDate={clockNow()} maxDate={clockNow().add(366, 'day')} />
        </Form.Item>
      </div>
    </DrawerForm>
  )
}
