import { AutoComplete, Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'
import { AudienceField } from './audience-field.tsx'
import type { AppChoices } from './choices.ts'
import { IconField } from './icon-field.tsx'
import { SyncFields } from './sync-fields.tsx'
import './apps.css'

/** The fields of an app, or of a new one; `outcome` is what the last sync of its menu has brought. */
export function AppFields(props: {
  app: Answer<'/web/apps/app'> | undefined
  outcome: ReactNode
  isRunning: boolean
  saveAndSync(): void
}): ReactNode {
  const t = useText('apps')
  const { app } = props
  const choices = useRead('/web/apps/choices').data
  const isBuiltin = app?.isBuiltin === true
  return (
    <>
      <Basics app={app} categories={choices?.categories ?? []} />
      {isBuiltin ? <BuiltinNote homeUrl={app?.homeUrl ?? ''} /> : <Opening />}
      <h3 className="apps-section">{t('audience')}</h3>
      <Form.Item name="audience">
        <AudienceField />
      </Form.Item>
      <Integration choices={choices} isBuiltin={isBuiltin} />
      {isBuiltin ? null : (
        <SyncFields outcome={props.outcome} isRunning={props.isRunning} onTest={props.saveAndSync} />
      )}
    </>
  )
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
  const { features } = useSession()
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
          hidden={!features.has('payments')}
        >
          <Switch />
        </Form.Item>
      )}
    </>
  )
}
