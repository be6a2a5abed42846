import { Alert, Form, type FormInstance, Input, InputNumber, Segmented, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { ChannelForm, FormField } from '../../../../server/features/channels/settings/settings-calls.ts'
import { RemoveThing } from '../../../ui/connected/remove-thing.tsx'
import type { CallInput } from '../../../ui/data/api.ts'
import { Fold } from '../../../ui/forms/fold.tsx'
import { useText } from '../../../ui/text.ts'
import type { ChannelView } from '../channels/channel-view.ts'
import { viewOf } from '../channels/channel-views.ts'
import { ChannelState, SaveBar, SettingsCard, useSave } from './settings-card.tsx'
import { TestSend } from './test-send.tsx'

type Values = Record<string, string | number | null | undefined>
const path = '/web/messages/settings/channel'

/** The form of a channel, made of the fields that the channel declares on the server. */
export function ChannelSettings(props: { channel: ChannelForm }): ReactNode {
  const t = useText('messages')
  const { version, label, fields, isReady, canTurnOff, test } = props.channel
  const name = props.channel.name as CallInput<typeof path>['channel']
  const [form] = Form.useForm<Values>()
  const [isDirty, setDirty] = useState(false)
  const save = useSave(path)
  const { more } = viewOf(name)
  return (
    <SettingsCard title={label} state={<ChannelState isConfigured={isReady} test={test} />}>
      <Form<Values>
        form={form}
        layout="vertical"
        name={name}
        initialValues={initialOf(props.channel)}
        onValuesChange={changed => {
          save.touch()
          setDirty(true)
          takeAlong(form, fields, changed)
        }}
        onFinish={values => void save.run({ version, channel: name, settings: settingsOf(fields, values) })}
      >
        <FieldItems channel={props.channel} form={form} />
        {save.problem}
        <SaveBar form={form} isRunning={save.isRunning}>
          <TestSend
            channel={name}
            settingsToTest={async () => {
              const values = await form.validateFields()
              return isDirty || !isReady ? settingsOf(fields, values) : undefined
            }}
          />
        </SaveBar>
      </Form>
      {more && isReady ? <More {...more} /> : null}
      {canTurnOff ? (
        <div style={{ marginTop: 16 }}>
          <RemoveThing
            act={t('turnOff')}
            title={t('turnOffTitle', { channel: label })}
            id={label}
            idName={t('channel')}
            isRunning={save.isRunning}
            remove={confirm => save.run({ version, channel: name, confirm })}
          >
            <p>{t('turnOffHint')}</p>
          </RemoveThing>
        </div>
      ) : null}
    </SettingsCard>
  )
}

/** Read when it is opened. */
function More({ summary, Body }: NonNullable<ChannelView['more']>): ReactNode {
  const t = useText('messages')
  const [isOpen, setOpen] = useState(false)
  return (
    <details
      className="wisp-fold"
      style={{ marginTop: 16 }}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{t(summary)}</summary>
      {isOpen ? <Body /> : null}
    </details>
  )
}

const isChoice = ({ kind }: FormField) => kind === 'choice' || kind === 'switch'

function initialOf({ fields, values }: ChannelForm): Values {
  const isNew = Object.keys(values).length === 0
  const entries = fields.map(field => {
    const value = values[field.name] ?? (isNew ? field.initial : undefined)
    return [field.name, value !== undefined && isChoice(field) ? String(value) : value]
  })
  return Object.fromEntries(entries)
}

function settingsOf(fields: FormField[], values: Values) {
  const entries = fields
    .filter(({ name }) => values[name] !== undefined)
    .map(field => {
      const value = values[field.name] ?? null
      if (isChoice(field) && field.min !== undefined)
        return [field.name, value === null ? null : Number(value)]
      return [field.name, typeof value === 'string' && field.kind === 'line' ? value.trim() : value]
    })
  return Object.fromEntries(entries) as Record<string, string | number | null>
}

/** Sets what a choice takes along, such as the usual port, unless somebody typed a value of their own. */
function takeAlong(form: FormInstance<Values>, fields: FormField[], changed: Values): void {
  for (const { name, choices } of fields) {
    const chosen = choices.find(one => one.value === changed[name])
    for (const [target, value] of Object.entries(chosen?.sets ?? {})) {
      const isUsual = choices.some(one => one.sets[target] === form.getFieldValue(target))
      if (isUsual) form.setFieldValue(target, value)
    }
  }
}

function FieldItems(props: { channel: ChannelForm; form: FormInstance<Values> }): ReactNode {
  const t = useText('messages')
  const { channel } = props
  const watched: Values = Form.useWatch([], props.form) ?? initialOf(channel)
  const exists = ({ only }: FormField) => !only || watched[only.field] === only.is
  const fields = channel.fields.filter(exists)
  const show = (field: FormField) => (
    <FieldItem key={field.name} field={field} stored={channel.values} watched={watched} />
  )
  const advanced = fields.filter(one => one.isAdvanced)
  const grid = (of: FormField[]) =>
    of[0]?.isWide || of[0]?.kind === 'text' ? of.map(show) : <div className="wisp-two">{of.map(show)}</div>
  return (
    <>
      {rowsOf(fields.filter(one => !one.isAdvanced)).map(row => (
        <div key={row[0]?.name}>
          {grid(row)}
          {row.map(({ name, choices }) => {
            const warning = choices.find(one => one.value === watched[name])?.warning
            return warning ? (
              <Alert key={name} type="warning" showIcon title={warning} style={{ marginBottom: 16 }} />
            ) : null
          })}
        </div>
      ))}
      {advanced.length > 0 ? <Fold summary={t('advanced')}>{grid(advanced)}</Fold> : null}
    </>
  )
}

/** Fields that stand side by side; a wide one stands alone. */
function rowsOf(fields: FormField[]): FormField[][] {
  const rows: FormField[][] = []
  for (const field of fields) {
    const last = rows.at(-1)
    if (last && !last[0]?.isWide && !field.isWide && !field.isFirst) last.push(field)
    else rows.push([field])
  }
  return rows
}

function FieldItem(props: { field: FormField; stored: Values; watched: Values }): ReactNode {
  const t = useText('messages')
  const { field, stored, watched } = props
  const { secret } = field
  const isSame = secret?.keptFor.every(one => (stored[one] ?? '') === (watched[one] ?? ''))
  const isKept = secret?.isStored === true && isSame === true
  // A choice always has a value.
  const isNeeded = field.required && !isKept && !isChoice(field)
  return (
    <Form.Item
      name={field.name}
      label={field.label}
      {...(field.help ? { extra: field.help } : {})}
      rules={isNeeded ? [{ required: true, message: t('required') }] : []}
    >
      {inputOf(field, isKept ? t('kept') : secret?.isStored ? secret.retype : field.placeholder)}
    </Form.Item>
  )
}

function inputOf({ kind, max, min, choices, required, isWide }: FormField, placeholder: string): ReactNode {
  const common = { placeholder, ...(max === undefined ? {} : { maxLength: max }) }
  const options = choices.map(({ value, label, isDisabled }) => ({ value, label, disabled: isDisabled }))
  switch (kind) {
    case 'number': {
      const range = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
      const style = { width: isWide ? 200 : '100%' }
      return <InputNumber {...range} precision={0} placeholder={placeholder} style={style} />
    }
    case 'secret':
      return <Input.Password {...common} autoComplete="new-password" />
    case 'text':
      return <Input.TextArea {...common} rows={4} />
    case 'switch':
      return <Segmented options={options} />
    case 'choice':
      return <Select options={options} allowClear={!required} placeholder={placeholder} />
    default:
      return <Input {...common} autoComplete="off" />
  }
}
