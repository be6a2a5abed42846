import { Alert, Checkbox, Form, Input, InputNumber, Segmented, Switch } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading, NotFound } from '../../../ui/feedback.tsx'
import { Fold } from '../../../ui/forms/fold.tsx'
import { useText } from '../../../ui/text.ts'
import { newReceiver, type Receiver, type SiemPath } from './receiver.ts'

type Values = Pick<Receiver, 'name' | 'transport' | 'address' | 'format' | 'framing' | 'language' | 'pen'> & {
  ca: string
  certificate: string
  privateKey?: string
  authorization?: string
  withoutAuthorization?: boolean
  fromStart?: boolean
  isOn: boolean
}

const initial: Values = {
  name: '',
  transport: 'tls',
  address: '',
  format: 'text',
  framing: 'octets',
  language: 'zh',
  pen: 32473,
  ca: '',
  certificate: '',
  isOn: true,
}

type FormProps = { path: SiemPath; onDone: () => void }

export function ReceiverForm(props: FormProps & { id: string }): ReactNode {
  const isNew = props.id === newReceiver
  const read = useRead(props.path, {})
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const found = read.data.list.find(one => one.id === props.id)
  if (!isNew && !found) return <NotFound />
  return <Fields path={props.path} receiver={found} onDone={props.onDone} />
}

function Fields({ path, receiver, onDone }: FormProps & { receiver: Receiver | undefined }): ReactNode {
  const t = useText('siem')
  const common = useText('common')
  const textOf = useErrorText()
  const unsaved = useUnsaved()
  const save = useAct(`${path}/save`, { done: common('saved'), refresh: [path], isQuiet: true })
  const [form] = Form.useForm<Values>()
  const transport = Form.useWatch('transport', form) ?? receiver?.transport ?? 'tls'
  return (
    <DrawerForm<Values>
      form={form}
      name="receiver"
      submit={common('save')}
      isRunning={save.isRunning}
      initialValues={receiver ?? initial}
      onValuesChange={(changed: Partial<Values>) => {
        unsaved.touch()
        if (changed.transport === 'https') form.setFieldValue('format', 'ocsf')
        else if (changed.transport && form.getFieldValue('format') === 'ocsf')
          form.setFieldValue('format', 'text')
      }}
      onFinish={async () => {
        // Fields that are not shown keep their values too.
        if (!(await save.run(inputOf({ ...initial, ...receiver, ...form.getFieldsValue(true) }, receiver))))
          return
        unsaved.clear()
        onDone()
      }}
    >
      <Where transport={transport} receiver={receiver} />
      {receiver ? (
        <Form.Item name="isOn" label={t('isOn')} extra={t('isOnHint')} valuePropName="checked">
          <Switch />
        </Form.Item>
      ) : (
        <Form.Item name="fromStart" valuePropName="checked">
          <Checkbox>{t('fromStart')}</Checkbox>
        </Form.Item>
      )}
      <Fold summary={t('advanced')}>
        {transport === 'tcp' ? null : <Certificates receiver={receiver} />}
        {transport === 'https' ? null : <Syslog />}
        <Form.Item name="language" label={t('language')}>
          <Segmented options={(['zh', 'en'] as const).map(value => ({ value, label: t(value) }))} />
        </Form.Item>
      </Fold>
      {save.error ? (
        <Alert type="error" showIcon role="alert" title={textOf(save.error)} style={{ marginBottom: 16 }} />
      ) : null}
    </DrawerForm>
  )
}

/** What is sent: of a transport only what it takes. */
function inputOf(values: Values, receiver: Receiver | undefined) {
  const { name, transport, address, format, framing, language, pen, ca, certificate } = values
  const { privateKey, authorization } = values
  const flag = (value: boolean | undefined) => (value ? ('1' as const) : ('0' as const))
  return {
    ...{ name, transport, address, format, framing, language, pen },
    ...(transport === 'tcp' ? {} : { ca, certificate, privateKey }),
    ...(transport === 'https' ? { authorization } : {}),
    isOn: flag(values.isOn),
    fromStart: flag(values.fromStart),
    withoutAuthorization: flag(values.withoutAuthorization),
    ...(receiver ? { id: receiver.id, version: receiver.version } : {}),
  }
}

type WhereProps = { transport: Receiver['transport']; receiver: Receiver | undefined }

function Where({ transport, receiver }: WhereProps): ReactNode {
  const t = useText('siem')
  const isHttps = transport === 'https'
  const isNeeded = { required: true, message: t('required') }
  return (
    <>
      <Form.Item name="name" label={t('name')} rules={[isNeeded]}>
        <Input maxLength={64} placeholder={t('namePlaceholder')} />
      </Form.Item>
      <Form.Item name="transport" label={t('transport')} extra={isHttps ? null : t('noAnswer')}>
        <Segmented options={(['tls', 'tcp', 'https'] as const).map(value => ({ value, label: t(value) }))} />
      </Form.Item>
      {transport === 'tcp' ? (
        <Alert type="warning" showIcon title={t('plain')} style={{ marginBottom: 16 }} />
      ) : null}
      <Form.Item name="address" label={t('address')} rules={[isNeeded]}>
        <Input
          maxLength={500}
          placeholder={isHttps ? 'https://siem.example.com/events' : 'siem.example.com:6514'}
        />
      </Form.Item>
      {isHttps ? (
        <Form.Item name="authorization" label={t('authorization')} extra={t('authorizationHint')}>
          <Input.Password
            maxLength={1000}
            autoComplete="new-password"
            placeholder={receiver?.hasAuthorization ? t('kept') : 'Bearer …'}
          />
        </Form.Item>
      ) : (
        <Form.Item name="format" label={t('format')}>
          <Segmented options={(['text', 'cef'] as const).map(value => ({ value, label: t(value) }))} />
        </Form.Item>
      )}
      {isHttps && receiver?.hasAuthorization ? (
        <Form.Item name="withoutAuthorization" valuePropName="checked">
          <Checkbox>{t('withoutAuthorization')}</Checkbox>
        </Form.Item>
      ) : null}
    </>
  )
}

function Syslog(): ReactNode {
  const t = useText('siem')
  return (
    <>
      <Form.Item name="framing" label={t('framing')} extra={t('framingHint')}>
        <Segmented options={(['octets', 'lf'] as const).map(value => ({ value, label: t(value) }))} />
      </Form.Item>
      <Form.Item name="pen" label={t('pen')} extra={t('penHint')}>
        <InputNumber min={1} max={2_147_483_647} precision={0} style={{ width: 160 }} />
      </Form.Item>
    </>
  )
}

const pemBegin = '-----BEGIN CERTIFICATE-----'

function Certificates({ receiver }: { receiver: Receiver | undefined }): ReactNode {
  const t = useText('siem')
  return (
    <>
      <Form.Item name="ca" label={t('ca')} extra={t('caHint')}>
        <Input.TextArea rows={3} maxLength={20_000} placeholder={pemBegin} />
      </Form.Item>
      <Form.Item name="certificate" label={t('certificate')} extra={t('certificateHint')}>
        <Input.TextArea rows={3} maxLength={20_000} placeholder={pemBegin} />
      </Form.Item>
      <Form.Item name="privateKey" label={t('privateKey')}>
        <Input.TextArea
          rows={3}
          maxLength={20_000}
          autoComplete="off"
          placeholder={receiver?.hasPrivateKey ? t('kept') : '-----BEGIN PRIVATE KEY-----'}
        />
      </Form.Item>
    </>
  )
}
