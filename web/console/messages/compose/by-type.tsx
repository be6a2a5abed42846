import { Alert, Form, Input, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { type Question, useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Translator, useText } from '../../../ui/text.ts'
import { TypeLooks, useLooks } from '../message-types/type-looks.tsx'
import type { Definition } from '../message-types/type-values.ts'
import type { ReceiverList } from './list-file.tsx'
import { isPinComplete, PinFields, type PinForm, pinOf } from './pin-fields.tsx'
import { inputsOf, type Receiver } from './receiver.ts'
import { ReceiverPicker } from './receiver-picker.tsx'
import { SendBar } from './send-bar.tsx'

const ListFile = later(async () => (await import('./list-file.tsx')).ListFile)

type Values = Record<string, string>

/** Sends by a message type: who gets it, the values of its variables, and how it will look. */
export function ByType(props: { typeKey: string; onSent: (msgId: string) => void }): ReactNode {
  const t = useText('messages')
  const { data, error, refetch } = useRead('/web/message-types/one', { key: props.typeKey })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const definition = data.versions.find(one => one.state === 'inForce')?.definition
  if (!definition) return <EmptyState title={t('typeNotInForce')} />
  return <TypeSend {...props} definition={definition as Definition} />
}

type TypeForm = {
  /** Whether it goes to a list file instead of people who are chosen here. */
  isList: boolean
  to: Receiver[]
  list: ReceiverList | undefined
  values: Values
  pin: PinForm | undefined
}
const emptyForm: TypeForm = { isList: false, to: [], list: undefined, values: {}, pin: undefined }

function TypeSend(props: {
  typeKey: string
  definition: Definition
  onSent: (msgId: string) => void
}): ReactNode {
  const t = useText('messages')
  const { definition } = props
  const unsaved = useUnsaved()
  const [form, setForm] = useState(emptyForm)
  const change = (patch: Partial<TypeForm>) => {
    unsaved.touch()
    setForm(before => ({ ...before, ...patch }))
  }
  const sample = { ...definition.sample, ...(form.isList ? firstOf(form.list) : {}), ...filled(form.values) }
  const shown = { ...definition, sample }
  const { variables = [], needs = [] } = useLooks(shown, undefined).data ?? {}
  const foresee = useAct('/web/messages/notify-foresee')
  const send = useAct('/web/messages/notify', {
    refresh: ['/web/messages/list'],
    done: answer => t('notifyDone', { n: answer.accepted }),
  })
  const asked = variables.filter(name => !(form.isList && form.list?.variables.includes(name)))
  const said = { title: definition.name, content: '' }
  const missing = [
    ...(form.isList ? (form.list ? [] : [t('list')]) : form.to.length > 0 ? [] : [t('to')]),
    ...asked.filter(name => needs.includes(name) && !form.values[name]),
    ...(form.isList || isPinComplete(form.pin, said) ? [] : [t('pinTitle')]),
  ]
  const body = bodyOf(props.typeKey, form, asked)
  return (
    <div className="wisp-compose">
      <div>
        {definition.receipt ? (
          <Alert type="info" showIcon title={t('withReceipt')} style={{ marginBottom: 16 }} />
        ) : null}
        <Form layout="vertical" component="div">
          <Receivers form={form} variables={variables} change={change} />
          <ValueFields names={asked} needs={needs} form={form} change={change} />
          {form.isList ? null : <PinFields value={form.pin} onChange={pin => change({ pin })} said={said} />}
        </Form>
        <SendBar
          key={JSON.stringify([body, form.pin])}
          missing={missing}
          isRunning={foresee.isRunning || send.isRunning}
          unsaved={unsaved}
          ask={async () => {
            const expected = await foresee.run(body)
            return expected && question(t, expected, form)
          }}
          send={async requestId =>
            (await send.run({ ...body, ...(form.isList ? {} : pinOf(form.pin, said)), requestId }))?.msgId
          }
          onSent={props.onSent}
        />
      </div>
      <TypeLooks definition={shown} />
    </div>
  )
}

function Receivers(props: {
  form: TypeForm
  variables: readonly string[]
  change: (patch: Partial<TypeForm>) => void
}): ReactNode {
  const t = useText('messages')
  const { form, variables, change } = props
  return (
    <Form.Item label={t('to')} {...(form.isList ? {} : { htmlFor: 'compose-to' })} required>
      <Segmented
        value={form.isList ? 'list' : 'people'}
        options={[
          { value: 'people', label: t('toPeople') },
          { value: 'list', label: t('list') },
        ]}
        style={{ marginBottom: 8 }}
        onChange={value => change({ isList: value === 'list' })}
      />
      {form.isList ? (
        <ListFile value={form.list} variables={variables} onChange={list => change({ list })} />
      ) : (
        <ReceiverPicker id="compose-to" value={form.to} onChange={to => change({ to })} />
      )}
    </Form.Item>
  )
}

function ValueFields(props: {
  names: readonly string[]
  needs: readonly string[]
  form: TypeForm
  change: (patch: Partial<TypeForm>) => void
}): ReactNode {
  const t = useText('messages')
  const { values } = props.form
  return props.names.map(name => {
    const isNeeded = props.needs.includes(name)
    return (
      <Form.Item
        key={name}
        label={name}
        htmlFor={`compose-data-${name}`}
        required={isNeeded}
        extra={isNeeded ? undefined : t('optional')}
      >
        <Input.TextArea
          id={`compose-data-${name}`}
          rows={2}
          maxLength={20_000}
          value={values[name] ?? ''}
          onChange={event => props.change({ values: { ...values, [name]: event.target.value } })}
        />
      </Form.Item>
    )
  })
}

/** Of the variables, those that are asked here; a list has the others. */
function bodyOf(type: string, { isList, list, to, values }: TypeForm, asked: readonly string[]) {
  const data = Object.fromEntries(
    asked.flatMap(name => (values[name] ? [[name, values[name]] as const] : [])),
  )
  return { type, data, ...(isList ? { toList: list?.listId ?? '' } : inputsOf(to)) }
}

function question(
  t: Translator<'messages'>,
  { persons, texts, unknown }: Answer<'/web/messages/notify-foresee'>,
  { isList, to }: TypeForm,
): Question {
  const isAll = !isList && to.some(one => one.kind === 'all')
  return {
    title: t(isAll ? 'sendAllTitle' : 'sendTitle', { n: persons }),
    content: (
      <>
        {texts > 1 ? <p>{t('typeTexts', { n: texts })}</p> : null}
        {unknown > 0 ? <p>{t('noticeUnknown', { n: unknown })}</p> : null}
      </>
    ),
  }
}

/** The values of the list's first line, by which the preview shows it. */
function firstOf(list: ReceiverList | undefined): Values {
  const [first] = list?.first ?? []
  return Object.fromEntries(list?.variables.map((name, at) => [name, first?.values[at] ?? '']) ?? [])
}

function filled(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}
