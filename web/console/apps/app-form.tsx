import { useMutation } from '@tanstack/react-query'
import { App, AutoComplete, Form, type FormInstance, Input, InputNumber, Radio, Select, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerForm } from '../../ui/address/drawer.tsx'
import { useRefresh } from '../../ui/data/act.tsx'
import { type Answer, api, CallError, type Given } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useRead } from '../../ui/data/read.ts'
import { type Unsaved, useUnsaved } from '../../ui/data/unsaved.ts'
import { useText } from '../../ui/text.ts'
import { AudienceField } from './audience-field.tsx'
import type { AppChoices } from './choices.ts'
import { type AppValues, fieldError, settingsOf, valuesOf } from './form-values.ts'
import { IconField } from './icon-field.tsx'
import { SyncFields } from './sync-fields.tsx'
import './apps.css'

export type AppFormProps = {
  /** Undefined for a new app. */
  app: Answer<'/web/apps/app'> | undefined
  /** The result of the last sync. */
  outcome: ReactNode
  onSaved(saved: Answer<'/web/apps/add'>, stay: boolean): void
  /** Called when somebody else has saved the app since this form was opened. */
  onStale?: (why: string) => void
  /** Further buttons. */
  more?: ReactNode
}

export function AppForm(props: AppFormProps): ReactNode {
  const t = useText('apps')
  const common = useText('common')
  const [form] = Form.useForm<AppValues>()
  const unsaved = useUnsaved()
  const { submit, isRunning } = useSubmit(form, props, unsaved)
  const choices = useRead('/web/apps/choices').data
  const isBuiltin = props.app?.isBuiltin === true
  const initial = valuesOf(props.app, name => t('audienceGone', { name }))
  return (
    <DrawerForm<AppValues>
      form={form}
      submit={common('save')}
      isRunning={isRunning}
      more={props.more}
      initialValues={initial}
      scrollToFirstError
      onValuesChange={unsaved.touch}
      onFinish={values => void submit(values, false)}
    >
      <Basics app={props.app} categories={choices?.categories ?? []} />
      {isBuiltin ? <BuiltinNote homeUrl={props.app?.homeUrl ?? ''} /> : <Opening />}
      <h3 className="apps-section">{t('audience')}</h3>
      <Form.Item name="audience">
        <AudienceField />
      </Form.Item>
      <Integration choices={choices} isBuiltin={isBuiltin} />
      {isBuiltin ? null : (
        <SyncFields
          outcome={props.outcome}
          isRunning={isRunning}
          onTest={() => {
            form.validateFields().then(
              () => void submit(form.getFieldsValue(true) as AppValues, true),
              () => undefined,
            )
          }}
        />
      )}
    </DrawerForm>
  )
}

/**
 * The form keeps the version it was filled from, so that the server notices when somebody else has saved in
 * between.
 */
function useSubmit(form: FormInstance<AppValues>, props: AppFormProps, unsaved: Unsaved) {
  const t = useText('apps')
  const common = useText('common')
  const { message } = App.useApp()
  const textOf = useErrorText()
  const [version, setVersion] = useState(props.app?.version)
  const { app } = props
  const add = useSave('/web/apps/add')
  const save = useSave('/web/apps/save')
  const submit = async (values: AppValues, stay: boolean) => {
    const settings = settingsOf(values, app?.isBuiltin === true)
    try {
      const saved = await (app ? save.run({ id: app.id, version, settings }) : add.run({ settings }))
      unsaved.clear()
      setVersion(saved.version)
      form.setFieldValue('icon', undefined)
      void message.success(t('savedNow'))
      props.onSaved(saved, stay)
    } catch (error) {
      const text = textOf(error)
      const known = fieldError((error as Error).message)
      if (known) {
        form.setFields([{ name: known.field, errors: [known.text || common('fillIn')] }])
        form.scrollToField(known.field, { block: 'center' })
      } else if (app && error instanceof CallError && error.status === 409) props.onStale?.(text)
      else void message.error(text, 6)
    }
  }
  return { submit, isRunning: add.isRunning || save.isRunning }
}

function useSave<P extends '/web/apps/add' | '/web/apps/save'>(path: P) {
  const refresh = useRefresh()
  const mutation = useMutation({ mutationFn: (input: Given<P>) => api.post(path, input) })
  const run = async (input: Given<P>) => {
    const saved = await mutation.mutateAsync(input)
    await refresh('/web/apps/')
    return saved
  }
  return { isRunning: mutation.isPending, run }
}

function Basics(props: { app: Answer<'/web/apps/app'> | undefined; categories: string[] }): ReactNode {
  const t = useText('apps')
  const name = Form.useWatch<string | undefined>('name') ?? ''
  const app = { id: props.app?.id ?? '', name, iconHash: props.app?.iconHash ?? null }
  return (
    <>
      <h3 className="apps-section">{t('basics')}</h3>
      <Form.Item name="icon" label={t('icon')} extra={t('iconHint')}>
        <IconField app={app} />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('required', { what: t('name') }) }]}
      >
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="category" label={t('category')} extra={t('categoryHint')}>
        <AutoComplete
          maxLength={32}
          showSearch={{ filterOption: (typed, option) => String(option?.value).includes(typed) }}
          options={props.categories.map(value => ({ value }))}
        />
      </Form.Item>
      <Form.Item name="description" label={t('description')} extra={t('descriptionHint')}>
        <Input.TextArea maxLength={500} rows={3} />
      </Form.Item>
      <Form.Item name="sortNo" label={t('sortNo')} extra={t('sortNoHint')}>
        <InputNumber min={0} max={1_000_000} precision={0} style={{ width: 160 }} />
      </Form.Item>
    </>
  )
}

function BuiltinNote(props: { homeUrl: string }): ReactNode {
  const t = useText('apps')
  return (
    <>
      <h3 className="apps-section">{t('opening')}</h3>
      <p>{t('builtinHint', { url: props.homeUrl })}</p>
    </>
  )
}

function Opening(): ReactNode {
  const t = useText('apps')
  const web = { pattern: /^\s*https?:\/\/\S+\s*$/i, message: t('notUrl') }
  return (
    <>
      <h3 className="apps-section">{t('opening')}</h3>
      <Form.Item name="homeUrl" label={t('homeUrl')} extra={t('homeUrlHint')} rules={[web]}>
        <Input maxLength={2000} placeholder="https://app.example.com/" inputMode="url" />
      </Form.Item>
      <Form.Item name="mobileUrl" label={t('mobileUrl')} extra={t('mobileUrlHint')} rules={[web]}>
        <Input maxLength={2000} placeholder="https://app.example.com/m/" inputMode="url" />
      </Form.Item>
      <Form.Item name="openIn" label={t('openIn')} extra={t('openInHint')}>
        <Radio.Group
          options={[
            { value: 'top', label: t('top') },
            { value: 'frame', label: t('frame') },
          ]}
        />
      </Form.Item>
      <Form.Item name="origins" label={t('origins')} extra={t('originsHint')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ', '，']} />
      </Form.Item>
    </>
  )
}

function Integration(props: { choices: AppChoices | undefined; isBuiltin: boolean }): ReactNode {
  const t = useText('apps')
  const { agents = [], developers = [] } = props.choices ?? {}
  return (
    <>
      <h3 className="apps-section">{t('integration')}</h3>
      {props.isBuiltin ? null : (
        <Form.Item name="devId" label={t('developer')} extra={t('developerHint')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('noDeveloper')}
            options={developers.map(({ devId, name }) => ({ value: devId, label: `${name} (${devId})` }))}
          />
        </Form.Item>
      )}
      <Form.Item name="agentId" label={t('agent')} extra={t('agentHint')}>
        <Select
          allowClear
          options={agents.map(({ agentId, name }) => ({
            value: agentId,
            label: name ? `${name} (${agentId})` : String(agentId),
          }))}
        />
      </Form.Item>
      {props.isBuiltin ? null : (
        <Form.Item
          name="payShortcut"
          label={t('payShortcut')}
          extra={t('payShortcutHint')}
          valuePropName="checked"
        >
          <Switch />
        </Form.Item>
      )}
    </>
  )
}
