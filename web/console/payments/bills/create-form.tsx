import { Checkbox, Form, Input, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { DatePicker } from '../../../ui/fields/dates.tsx'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { fenOf, formatYuan } from '../../../ui/values/money.ts'
import { clockNow, momentPicked } from '../../../ui/values/picked.ts'
import { type GivenItem, ItemFields, priceOf, sumOf } from './item-fields.tsx'

type Values = {
  billNo: string
  payer: PickedMember[]
  title: string
  amount?: string
  items?: GivenItem[]
  dueAt?: Dayjs | null
  remark?: string
  attachmentUrl?: string
  notify: boolean
  mchId?: string | null
}

/** A bill for one payer; many are imported. */
export function CreateForm({ onDone }: { onDone(): void }): ReactNode {
  const t = useText('payments-bills')
  const { open } = useOpen()
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const items = Form.useWatch('items', form) ?? []
  const create = useAct('/web/payments/bills/create', { refresh: ['/web/payments'], done: t('created') })
  const submit = async (values: Values) => {
    const { payer, amount = '', items = [], dueAt, mchId, notify, ...rest } = values
    const answer = await create.run({
      ...rest,
      userId: payer[0]?.userId ?? '',
      amount: items.length > 0 ? (sumOf(items) ?? 0) : (fenOf(amount) ?? 0),
      items: items.map(one => ({
        name: one?.name ?? '',
        amount: priceOf(one?.amount) ?? 0,
        quantity: one?.quantity ?? 1,
      })),
      notify: notify ? '1' : '0',
      ...(dueAt ? { dueAt: momentPicked(dueAt) } : {}),
      ...(mchId ? { mchId } : {}),
    })
    if (!answer) return
    unsaved.clear()
    onDone()
    open(answer.id)
  }
  const needed = useNeeded()
  return (
    <DrawerForm<Values>
      form={form}
      submit={t('create')}
      isRunning={create.isRunning}
      initialValues={{ billNo: newNumber(), payer: [], notify: true, items: [] }}
      onValuesChange={unsaved.touch}
      scrollToFirstError
      onFinish={submit}
    >
      <Form.Item
        name="payer"
        label={t('payer')}
        rules={[{ required: true, type: 'array', min: 1, message: t('needed', { what: t('payer') }) }]}
      >
        <MemberPicker single />
      </Form.Item>
      <Form.Item name="title" label={t('billTitle')} rules={[needed(t('billTitle'))]}>
        <Input maxLength={100} placeholder={t('titleHint')} />
      </Form.Item>
      <AmountField items={items} />
      <ItemFields />
      <Details />
      <Form.Item
        name="billNo"
        label={t('billNo')}
        extra={t('billNoHint')}
        rules={[needed(t('billNo')), { pattern: /^\s*\S*\s*$/, message: t('billNoRule') }]}
      >
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
    </DrawerForm>
  )
}

/** Where there are items, their sum. */
function AmountField({ items }: { items: readonly GivenItem[] }): ReactNode {
  const t = useText('payments-bills')
  const needed = useNeeded()
  const sum = sumOf(items)
  if (items.length > 0)
    return (
      <Form.Item label={t('amount')} extra={t('amountOfItems')}>
        <strong>{sum === undefined ? '—' : formatYuan(sum)}</strong>
      </Form.Item>
    )
  return (
    <Form.Item
      name="amount"
      label={t('amount')}
      rules={[
        needed(t('amount')),
        {
          validator: async (_, value = '') => {
            if (value.trim() !== '' && !isAmount(fenOf(value))) throw new Error(t('amountRule'))
          },
        },
      ]}
    >
      <Input inputMode="decimal" prefix="¥" autoComplete="off" placeholder="128.50" />
    </Form.Item>
  )
}

/** What most bills do without. */
function Details(): ReactNode {
  const t = useText('payments-bills')
  const merchants = useRead('/web/payments/bills/choices').data?.merchants ?? []
  return (
    <>
      <Form.Item name="dueAt" label={t('dueAt')} extra={t('dueHint')}>
        <DatePicker
          showTime={{ format: 'HH:mm', defaultOpenValue: clockNow().endOf('day') }}
          format="YYYY-MM-DD HH:mm"
          // Enter takes over what was typed here, and must not make the bill at once.
          onKeyDown={event => {
            if (event.key === 'Enter') event.preventDefault()
          }}
          style={{ width: '100%' }}
        />
      </Form.Item>
      <Form.Item name="notify" valuePropName="checked" extra={t('notifyHint')}>
        <Checkbox>{t('notifyThem')}</Checkbox>
      </Form.Item>
      <Form.Item name="remark" label={t('remark')} extra={t('remarkHint')}>
        <Input.TextArea maxLength={500} rows={3} />
      </Form.Item>
      <Form.Item
        name="attachmentUrl"
        label={t('attachment')}
        rules={[{ pattern: /^https:\/\/\S+$/, message: t('attachmentRule') }]}
      >
        <Input maxLength={1024} inputMode="url" placeholder="https://" />
      </Form.Item>
      {merchants.length > 1 ? (
        <Form.Item name="mchId" label={t('merchant')}>
          <Select
            allowClear
            placeholder={t('defaultMerchant')}
            options={merchants
              .filter(one => one.enabled)
              .map(one => ({ value: one.mchId, label: one.name + t('inBrackets', { text: one.mchId }) }))}
          />
        </Form.Item>
      ) : null}
    </>
  )
}

function useNeeded(): (what: string) => { required: true; whitespace: true; message: string } {
  const t = useText('payments-bills')
  return what => ({ required: true, whitespace: true, message: t('needed', { what }) })
}

const amountAtMost = 2_147_483_647

function isAmount(fen: number | undefined): boolean {
  return fen !== undefined && fen >= 1 && fen <= amountAtMost
}

/** Unlike any other, so that pressing twice makes one bill. */
function newNumber(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return `${clockNow().format('YYYYMMDD-HHmmss')}-${String(random % 1000).padStart(3, '0')}`
}
