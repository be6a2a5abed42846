import { DatePicker, Form, Input, InputNumber } from 'antd'
import type { Dayjs } from 'dayjs'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import { type FieldsOf, useFormAct } from '../../ui/data/form-act.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'

type AskedKind = 'copy' | 'erase' | 'hold' | 'days'
type PersonForm = { userId: string; id?: number | null; reason: string; until?: Dayjs }

const list = '/web/personal/requests'
const holds = '/web/personal/holds'
const fields: FieldsOf = {
  named: { userId: 'userId', id: 'id', reason: 'reason', until: 'until', eraseDays: 'eraseDays' },
  codes: { 1007: 'userId' },
}

/** One form for what is asked about a person; the days after leaving have their own. */
export function AskForm({ kind, done }: { kind: AskedKind; done(): void }): ReactNode {
  return kind === 'days' ? <DaysForm done={done} /> : <PersonAsked kind={kind} done={done} />
}

function PersonAsked({ kind, done }: { kind: Exclude<AskedKind, 'days'>; done(): void }): ReactNode {
  const t = useText('personal')
  const [form] = Form.useForm<PersonForm>()
  const copy = useFormAct('/web/personal/copy', form, fields, { done: t('copyDone'), refresh: [list] })
  const erase = useFormAct('/web/personal/erase', form, fields, {
    done: t('eraseDone'),
    refresh: [list],
    confirm: ({ userId }) => ({
      title: t('eraseTitle', { userId }),
      content: t('eraseHint'),
      okText: t('erase'),
      danger: true,
    }),
  })
  const hold = useFormAct('/web/personal/hold', form, fields, { done: t('holdDone'), refresh: [holds] })
  const submit = async ({ userId, id, reason, until }: PersonForm) => {
    const person = { userId, reason, ...(id ? { id } : {}) }
    const answer =
      kind === 'copy'
        ? await copy.run(person)
        : kind === 'erase'
          ? await erase.run(person)
          : await hold.run({ ...person, until: until?.endOf('day').toISOString() ?? '' })
    if (answer) done()
  }
  const words = { copy: 'askCopy', erase: 'erase', hold: 'holdAdd' } as const
  return (
    <DrawerForm<PersonForm>
      form={form}
      name="person"
      submit={t(words[kind])}
      isRunning={copy.isRunning || erase.isRunning || hold.isRunning}
      onFinish={wish => void submit(wish)}
    >
      <Form.Item
        name="userId"
        label={t('userId')}
        extra={t('userIdHint')}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item name="id" label={t('number')} extra={t('numberHint')}>
        <InputNumber min={1} precision={0} />
      </Form.Item>
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true }]}>
        <Input.TextArea maxLength={500} rows={2} />
      </Form.Item>
      {kind === 'hold' ? (
        <Form.Item name="until" label={t('until')} rules={[{ required: true }]}>
          <DatePicker />
        </Form.Item>
      ) : null}
    </DrawerForm>
  )
}

function DaysForm({ done }: { done(): void }): ReactNode {
  const t = useText('personal')
  const [form] = Form.useForm<{ eraseDays: number | null }>()
  const { data, error } = useRead(list, { pageSize: 1 })
  const act = useFormAct('/web/personal/settings', form, fields, { done: t('saved'), refresh: [list] })
  if (error && !data) return <ErrorState error={error} />
  if (!data) return <Loading />
  const submit = async ({ eraseDays }: { eraseDays: number | null }) => {
    if (await act.run(eraseDays ? { eraseDays } : {})) done()
  }
  return (
    <DrawerForm<{ eraseDays: number | null }>
      form={form}
      name="days"
      submit={t('save')}
      isRunning={act.isRunning}
      initialValues={{ eraseDays: data.eraseDays }}
      onFinish={wish => void submit(wish)}
    >
      <Form.Item name="eraseDays" label={t('daysLabel')} extra={t('daysHint')}>
        <InputNumber min={30} max={730} precision={0} />
      </Form.Item>
    </DrawerForm>
  )
}
