import { Alert, Form, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { ChannelWord } from '../words.tsx'
import { PlanFields } from './plan-fields.tsx'
import { TypeLooks, useLooks } from './type-looks.tsx'
import {
  type Channel,
  definitionOf,
  fieldsOf,
  firstOf,
  isBegun,
  type Language,
  type TextField,
  type TypeValues,
} from './type-values.ts'

const levels = ['normal', 'must', 'urgent'] as const
const msgTypes = ['01', '02', '03'] as const

/** Makes a type, or a version of one, beside how it will look. `version` is the newest one; absent for a new type. */
export function TypeForm(props: {
  values: TypeValues
  version?: number
  onSaved(key: string): void
}): ReactNode {
  const { version } = props
  const t = useText('message-types')
  const common = useText('common')
  const textOf = useErrorText()
  const [form] = Form.useForm<TypeValues>()
  const [values, setValues] = useState(props.values)
  const unsaved = useUnsaved()
  const save = useAct('/web/message-types/save', {
    done: common('saved'),
    refresh: ['/web/message-types'],
    isQuiet: true,
  })
  const definition = definitionOf(values)
  const finish = async () => {
    const input = { key: values.key, definition, ...(version === undefined ? {} : { version }) }
    const saved = await save.run(input)
    if (!saved) return
    unsaved.clear()
    props.onSaved(saved.key)
  }
  return (
    <div className="wisp-compose">
      <DrawerForm<TypeValues>
        form={form}
        name="type"
        submit={common('save')}
        isRunning={save.isRunning}
        initialValues={props.values}
        onValuesChange={() => {
          unsaved.touch()
          setValues(form.getFieldsValue(true))
        }}
        onFinish={() => void finish()}
      >
        <Base isNew={version === undefined} />
        {values.channels.map(channel => (
          <ChannelTexts key={channel} channel={channel} values={values} />
        ))}
        <PlanFields values={values} />
        <Samples definition={definition} />
        {version === undefined ? null : <p className="wisp-quiet">{t('unsavedHint')}</p>}
        {save.error ? (
          <Alert type="error" showIcon role="alert" title={textOf(save.error)} style={{ marginBottom: 16 }} />
        ) : null}
      </DrawerForm>
      {isBegun(values) ? <TypeLooks definition={definition} /> : <EmptyState title={t('looksEmpty')} />}
    </div>
  )
}

function Base({ isNew }: { isNew: boolean }): ReactNode {
  const t = useText('message-types')
  const choices = useRead('/web/messages/choices')
  const needed = { required: true, message: t('required') }
  return (
    <>
      <Form.Item name="name" label={t('name')} extra={t('nameHint')} rules={[needed]}>
        <Input maxLength={64} />
      </Form.Item>
      {isNew ? (
        <Form.Item name="key" label={t('key')} extra={t('keyHint')} rules={[needed]}>
          <Input maxLength={64} autoComplete="off" />
        </Form.Item>
      ) : null}
      <Form.Item name="level" label={t('level')}>
        <Select options={levels.map(value => ({ value, label: t(`level_${value}`) }))} />
      </Form.Item>
      <Form.Item name="channels" label={t('channels')} extra={t('channelsHint')} rules={[needed]}>
        <Select
          mode="multiple"
          options={(choices.data?.channels ?? [])
            .filter(({ places }) => !places)
            .map(({ name, label }) => ({ value: name, label }))}
        />
      </Form.Item>
      <p className="wisp-quiet">{t('templateHint')}</p>
    </>
  )
}

function ChannelTexts({ channel, values }: { channel: Channel; values: TypeValues }): ReactNode {
  const language = firstOf(values.templates[channel])
  return (
    <fieldset className="wisp-type-text">
      <legend>
        <ChannelWord channel={channel} />
      </legend>
      <Text channel={channel} language={language} msgType={values.templates[channel]?.[language]?.msgType} />
    </fieldset>
  )
}

function Text(props: { channel: Channel; language: Language; msgType: string | undefined }): ReactNode {
  const { channel, language, msgType = '03' } = props
  const isShown = (field: TextField) => field !== 'picUrl' || msgType === '02'
  return fieldsOf[channel]
    .filter(isShown)
    .map(field => <TextItem key={field} place={['templates', channel, language, field]} field={field} />)
}

function TextItem({ place, field }: { place: string[]; field: TextField }): ReactNode {
  const t = useText('message-types')
  if (field === 'msgType')
    return (
      <Form.Item name={place} label={t('msgType')}>
        <Select
          placeholder={t('msgType_03')}
          options={msgTypes.map(value => ({ value, label: t(`msgType_${value}`) }))}
        />
      </Form.Item>
    )
  const hint = field === 'agentId' ? t('agentIdHint') : field === 'params' ? t('paramsHint') : undefined
  const isLong = field === 'content' || field === 'params'
  return (
    <Form.Item name={place} label={t(`field_${field}`)} extra={hint}>
      {isLong ? <Input.TextArea rows={4} maxLength={20_000} /> : <Input maxLength={20_000} />}
    </Form.Item>
  )
}

function Samples({ definition }: { definition: ReturnType<typeof definitionOf> }): ReactNode {
  const t = useText('message-types')
  const { data } = useLooks(definition, undefined)
  const variables = data?.variables ?? []
  if (variables.length === 0) return null
  return (
    <fieldset className="wisp-type-text">
      <legend>{t('samples')}</legend>
      <p className="wisp-quiet">{t('samplesHint')}</p>
      {variables.map(name => (
        <Form.Item key={name} name={['sample', name]} label={<code>{name}</code>}>
          <Input maxLength={2000} />
        </Form.Item>
      ))}
    </fieldset>
  )
}
