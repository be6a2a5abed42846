import { Button, Form, Input, Select, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useRefresh } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import type { FieldsOf } from '../../ui/data/form-act.ts'
import { useSession } from '../../ui/data/session.tsx'
import { Fold } from '../../ui/forms/fold.tsx'
import { ObjectForm, useObjectForm } from '../../ui/forms/object-form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { formatTime } from '../../ui/values/format.ts'
import { timeZones } from '../../ui/values/time-zones.ts'
import { corpAddress } from '../object-addresses.ts'
import { CallbackCopies } from './copies.tsx'
import './corps.css'
import { laterDialog } from '../../ui/fields/later.tsx'

const RotateSecret = laterDialog(async () => (await import('./rotate-secret.tsx')).RotateSecret)

type Props = { corp: Answer<'/web/corps/one'>; reread(): Promise<unknown> }

/** The corp's settings: name, address, notices, secret and callback; what is done to it as a whole is the operator's. */
export function CorpSettings(props: Props): ReactNode {
  const t = useText('corps')
  const { isSystem } = useSession()
  const { corp } = props
  return (
    <div className="corps-form">
      <Panel title={t('basics')}>
        <SettingsForm {...props} />
      </Panel>
      <Panel title={t('contactSecret')}>
        <SecretLine corp={corp} />
      </Panel>
      <Panel title={t('callbackTitle')}>
        <CallbackCopies corp={corp} withState />
        <Fold summary={t('callbackOwn')}>
          <CallbackForm {...props} />
        </Fold>
      </Panel>
      {isSystem ? <PageLink to={`${corpAddress(corp.corpId)}/acts`}>{t('toActs')}</PageLink> : null}
    </div>
  )
}

type Values = Pick<Answer<'/web/corps/one'>, 'name' | 'publicUrl' | 'timeZone' | 'hintTokenRequired'>

const fields: FieldsOf = {
  named: {
    name: 'name',
    publicUrl: 'publicUrl',
    timeZone: 'timeZone',
    callbackToken: 'callbackToken',
    encodingAesKey: 'encodingAesKey',
  },
}

const savePath = '/web/corps/save'

function SettingsForm(props: Props): ReactNode {
  const t = useText('corps')
  const refresh = useRefresh()
  const { corp, reread } = props
  const { name, publicUrl, timeZone, hintTokenRequired } = corp
  const object = useObjectForm<Values, typeof savePath>(savePath, {
    shown: { name, publicUrl, timeZone, hintTokenRequired },
    version: corp.version,
    labels: {
      name: t('name'),
      publicUrl: t('publicUrl'),
      timeZone: t('timeZone'),
      hintTokenRequired: t('hintToken'),
    },
    fields,
    reread,
    done: t('saved'),
    refresh: ['/web/corps'],
  })
  const save = async (values: Values) => {
    const saved = await object.run({
      version: object.version,
      name: values.name,
      publicUrl: values.publicUrl.trim(),
      timeZone: values.timeZone,
      hintTokenRequired: values.hintTokenRequired ? '1' : '0',
    })
    // The header shows the corp's name, which comes from the session.
    if (saved && saved.name !== name) await refresh('/web/session')
  }
  return (
    <ObjectForm object={object} name="corp-basics" save={values => void save(values)}>
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item name="publicUrl" label={t('publicUrl')} extra={t('publicUrlHelp', { url: corp.commonUrl })}>
        <Input maxLength={256} autoComplete="off" placeholder="https://wisp.example.com" />
      </Form.Item>
      <Form.Item name="timeZone" label={t('timeZone')} extra={t('timeZoneHelp')}>
        <Select showSearch options={timeZones(timeZone).map(value => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item
        name="hintTokenRequired"
        label={t('hintToken')}
        valuePropName="checked"
        extra={t('hintTokenHelp')}
      >
        <Switch />
      </Form.Item>
    </ObjectForm>
  )
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

type Callback = { callbackToken: string | undefined; encodingAesKey: string | undefined }

/** A form for callback values that have already been entered in WeCom. */
function CallbackForm(props: Props): ReactNode {
  const t = useText('corps')
  const { corp, reread } = props
  const object = useObjectForm<Callback, typeof savePath>(savePath, {
    shown: { callbackToken: undefined, encodingAesKey: undefined },
    version: corp.version,
    labels: {},
    fields,
    reread,
    done: t('saved'),
    refresh: ['/web/corps'],
  })
  const save = ({ callbackToken, encodingAesKey }: Callback) => {
    const { name, publicUrl, hintTokenRequired } = corp
    void object.run({
      version: object.version,
      name,
      publicUrl,
      hintTokenRequired: hintTokenRequired ? '1' : '0',
      ...(callbackToken ? { callbackToken } : {}),
      ...(encodingAesKey ? { encodingAesKey } : {}),
    })
  }
  return (
    <ObjectForm object={object} name="corp-callback" save={save}>
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
    </ObjectForm>
  )
}
