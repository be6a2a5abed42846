import { ArrowUpOutlined } from '@ant-design/icons'
import { Alert, Button, Form, type FormInstance, Input, InputNumber, Segmented, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type {
  ChannelForm,
  FormField,
  PlaceForm,
} from '../../../../server/features/channels/settings/settings-calls.ts'
import { RemoveThing } from '../../../ui/connected/remove-thing.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { CallInput } from '../../../ui/data/api.ts'
import { Fold } from '../../../ui/forms/fold.tsx'
import { useText } from '../../../ui/text.ts'
import type { ChannelView } from '../channels/channel-view.ts'
import { viewOf } from '../channels/channel-views.ts'
import { ChannelState, SaveBar, useSave } from './settings-card.tsx'
import { TestSend } from './test-send.tsx'

type Values = Record<string, string | number | null | undefined>
const path = '/web/messages/settings/channel'

/** The settings of a channel: one form, or several in the order in which they are tried. */
export function ChannelSettings(props: { channel: ChannelForm }): ReactNode {
  const { further, ...first } = props.channel
  const { isReady, test } = first
  return (
    <>
      <p>
        <ChannelState isConfigured={isReady} test={test} />
      </p>
      {further.length > 0 ? <Places forms={[first, ...further]} /> : <PlaceSettings form={first} />}
    </>
  )
}

/** One is open at a time. */
function Places(props: { forms: PlaceForm[] }): ReactNode {
  const t = useText('messages')
  const { forms } = props
  const [first] = forms
  const stored = forms.filter(one => one.way !== '')
  const order = useAct('/web/messages/settings/order', { done: t('orderSaved'), refresh: ['/web/messages/'] })
  const moveUp = (place: number) => {
    const ways = stored.map(one => one.way)
    const moved = ways.toSpliced(place - 1, 1).toSpliced(place - 2, 0, ways[place - 1]!)
    void order.run({ channel: first!.name as ChannelInput, order: moved })
  }
  return (
    <>
      <p className="wisp-quiet">{t('placesHint')}</p>
      {forms.map(form => (
        <details
          key={`${form.place} ${form.version}`}
          name={`places-${form.name}`}
          className="wisp-place"
          open={form.place === 1}
        >
          <summary>
            {form.way === '' ? t('addPlace') : `${form.place} · ${nameOf(form)}`}
            {form.place > 1 && form.way !== '' ? (
              <Button
                size="small"
                icon={<ArrowUpOutlined aria-hidden />}
                loading={order.isRunning}
                onClick={() => moveUp(form.place)}
              >
                {t('moveUp')}
              </Button>
            ) : null}
          </summary>
          <PlaceSettings form={form} />
        </details>
      ))}
    </>
  )
}

function nameOf({ fields, values, way }: PlaceForm): string {
  const choices = fields.flatMap(field => (field.kind === 'switch' ? field.choices : []))
  const label = choices.find(
    one => one.value === Object.values(values).find(value => value === one.value),
  )?.label
  return label === undefined || choices.some(one => one.value === way) ? (label ?? way) : `${label} ${way}`
}

type ChannelInput = CallInput<typeof path>['channel']

/** The form of a channel, made of the fields that the channel declares on the server. */
function PlaceSettings(props: { form: PlaceForm }): ReactNode {
  const t = useText('messages')
  const { version, label, fields, isReady, canTurnOff, place, receiptUrl } = props.form
  const name = props.form.name as ChannelInput
  const [form] = Form.useForm<Values>()
  const [isDirty, setDirty] = useState(false)
  const save = useSave(path)
  const { more } = viewOf(name)
  const at = place > 1 ? { place } : {}
  return (
    <>
      <Form<Values>
        form={form}
        layout="vertical"
        name={place > 1 ? `${name}${place}` : name}
        initialValues={initialOf(props.form)}
        onValuesChange={changed => {
          save.touch()
          setDirty(true)
          takeAlong(form, fields, changed)
        }}
        onFinish={values =>
          void save.run({ version, channel: name, settings: settingsOf(fields, values), ...at })
        }
      >
        <FieldItems channel={props.form} form={form} />
        {receiptUrl ? (
          <p>
            {t('receiptUrl')}: <code className="wisp-answer">{receiptUrl}</code>
          </p>
        ) : null}
        {save.problem}
        <SaveBar form={form} isRunning={save.isRunning}>
          <TestSend
            channel={name}
            place={place}
            settingsToTest={async () => {
              const values = await form.validateFields()
              return isDirty || !isReady || place > 1 ? settingsOf(fields, values) : undefined
            }}
          />
        </SaveBar>
      </Form>
      {more && isReady && place === 1 ? <More {...more} /> : null}
      {canTurnOff ? (
        <div style={{ marginTop: 16 }}>
          <RemoveThing
            act={place > 1 ? t('removePlace') : t('turnOff')}
            title={t('turnOffTitle', { channel: label })}
            id={label}
            idName={t('channel')}
            isRunning={save.isRunning}
            remove={confirm => save.run({ version, channel: name, confirm, ...at })}
          >
            <p>{place > 1 ? t('removePlaceHint') : t('turnOffHint')}</p>
          </RemoveThing>
        </div>
      ) : null}
    </>
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

function initialOf({ fields, values }: PlaceForm): Values {
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

function FieldItems(props: { channel: PlaceForm; form: FormInstance<Values> }): ReactNode {
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
