import { Button, Collapse, Form, Input, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct, useRefresh } from '../../ui/data/act.tsx'
import type { Answer, Given } from '../../ui/data/api.ts'
import { useSession } from '../../ui/data/session.tsx'
import { useUnsaved } from '../../ui/data/unsaved.ts'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { formatTime } from '../../ui/values/format.ts'
import { CallbackCopies } from './copies.tsx'
import { RemoveCorp } from './remove-corp.tsx'
import { RotateSecret } from './rotate-secret.tsx'
import './corps.css'

/** The corp's settings: name, address, notices, secret, callback and removal. */
export function CorpSettings(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const { isSystem } = useSession()
  const { corp } = props
  return (
    <div className="corps-form">
      <Panel title={t('basics')}>
        <SettingsForm key={corp.version} corp={corp} />
      </Panel>
      <Panel title={t('contactSecret')}>
        <SecretLine corp={corp} />
      </Panel>
      <Panel title={t('callbackTitle')}>
        <CallbackCopies corp={corp} withState />
        <Collapse
          ghost
          size="small"
          items={[
            {
              key: 'own',
              label: t('callbackOwn'),
              children: <CallbackForm key={corp.version} corp={corp} />,
            },
          ]}
        />
      </Panel>
      {isSystem ? (
        <Panel title={t('remove')}>
          <RemoveCorp corp={corp} />
        </Panel>
      ) : null}
    </div>
  )
}

/** Saves a form of this page, and warns before the page is left with unsaved changes. */
function useSave() {
  const t = useText('corps')
  const refresh = useRefresh()
  const unsaved = useUnsaved()
  const act = useAct('/web/corps/save', { done: t('saved'), refresh: ['/web/corps'] })
  const save = async (corp: Answer<'/web/corps/one'>, change: Partial<Given<'/web/corps/save'>>) => {
    const { version, name, publicUrl, hintTokenRequired } = corp
    const saved = await act.run({
      version,
      name,
      publicUrl,
      hintTokenRequired: hintTokenRequired ? '1' : '0',
      ...change,
    })
    if (saved) unsaved.clear()
    // The header shows the corp's name, which comes from the session.
    if (saved && saved.name !== name) await refresh('/web/session')
    return saved
  }
  return { save, touch: unsaved.touch, isRunning: act.isRunning }
}

function SettingsForm(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const { corp } = props
  const { save, touch, isRunning } = useSave()
  const submit = (fields: { name: string; publicUrl?: string; hintTokenRequired: boolean }) =>
    void save(corp, {
      name: fields.name,
      publicUrl: fields.publicUrl?.trim() ?? '',
      hintTokenRequired: fields.hintTokenRequired ? '1' : '0',
    })
  return (
    <Form layout="vertical" initialValues={corp} onValuesChange={touch} onFinish={submit}>
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item name="publicUrl" label={t('publicUrl')} extra={t('publicUrlHelp', { url: corp.commonUrl })}>
        <Input maxLength={256} autoComplete="off" placeholder="https://wisp.example.com" />
      </Form.Item>
      <Form.Item
        name="hintTokenRequired"
        label={t('hintToken')}
        valuePropName="checked"
        extra={t('hintTokenHelp')}
      >
        <Switch />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={isRunning}>
        <SaveWord />
      </Button>
    </Form>
  )
}

function SaveWord(): ReactNode {
  const t = useText('common')
  return t('save')
}

function SecretLine(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const [isOpen, setOpen] = useState(false)
  const { contactSecretAt } = props.corp
  return (
    <>
      <p style={{ marginTop: 0 }}>
        {contactSecretAt ? t('secretSince', { time: formatTime(contactSecretAt) }) : t('secretKept')}
      </p>
      <Button onClick={() => setOpen(true)}>{t('rotate')}</Button>
      <RotateSecret corp={props.corp} isOpen={isOpen} close={() => setOpen(false)} />
    </>
  )
}

/** A form for callback values that have already been entered in WeCom. */
function CallbackForm(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const [form] = Form.useForm<{ callbackToken?: string; encodingAesKey?: string }>()
  const { save, touch, isRunning } = useSave()
  const submit = (fields: { callbackToken?: string; encodingAesKey?: string }) => {
    const { callbackToken, encodingAesKey } = fields
    void save(props.corp, {
      ...(callbackToken ? { callbackToken } : {}),
      ...(encodingAesKey ? { encodingAesKey } : {}),
    })
  }
  return (
    <Form form={form} layout="vertical" onValuesChange={touch} onFinish={submit}>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('callbackOwnHint')}
      </p>
      <Form.Item
        name="callbackToken"
        label={t('callbackToken')}
        rules={[{ pattern: /^[A-Za-z0-9]{3,32}$/, message: t('tokenRule') }]}
      >
        <Input autoComplete="off" maxLength={32} />
      </Form.Item>
      <Form.Item
        name="encodingAesKey"
        label={t('callbackKey')}
        rules={[{ pattern: /^[A-Za-z0-9]{43}$/, message: t('keyRule') }]}
      >
        <Input autoComplete="off" maxLength={43} />
      </Form.Item>
      <Button htmlType="submit" loading={isRunning}>
        <SaveWord />
      </Button>
    </Form>
  )
}
