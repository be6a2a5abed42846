import { Alert, Button, Form, type FormInstance, Input, InputNumber, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { ChannelState, SaveBar, SettingsCard, useSave } from './settings-card.tsx'
import { TestSend } from './test-send.tsx'

type Smtp = Answer<'/web/messages/settings'>['smtp']
type Values = {
  host: string
  port: number
  security: 'tls' | 'starttls' | 'none'
  user?: string
  password?: string
  from: string
  ca?: string
}
const usualPorts = { tls: 465, starttls: 587, none: 25 } as const

export function EmailSettings(props: { page: Answer<'/web/messages/settings'> }): ReactNode {
  const t = useText('messages')
  const { smtp, versions, tests } = props.page
  const [form] = Form.useForm<Values>()
  const [isDirty, setDirty] = useState(false)
  const save = useSave('/web/messages/settings/email', input =>
    'smtp' in input ? undefined : { title: t('turnOffEmail'), content: t('turnOffHint'), danger: true },
  )
  return (
    <SettingsCard title={t('email')} state={<ChannelState isConfigured={smtp !== null} test={tests.email} />}>
      <Form<Values>
        form={form}
        layout="vertical"
        name="email"
        initialValues={initial(smtp)}
        onValuesChange={changed => {
          save.touch()
          setDirty(true)
          followSecurity(form, changed)
        }}
        onFinish={values => void save.run({ version: versions.email, smtp: given(values) })}
      >
        <ServerFields />
        <AccountFields smtp={smtp} form={form} />
        {save.problem}
        <SaveBar form={form} isRunning={save.isRunning}>
          <TestSend channel="email" isDirty={isDirty} isConfigured={smtp !== null} />
          {smtp ? (
            <Button danger onClick={() => void save.run({ version: versions.email })}>
              {t('turnOff')}
            </Button>
          ) : null}
        </SaveBar>
      </Form>
    </SettingsCard>
  )
}

function initial(smtp: Smtp): Partial<Values> {
  if (!smtp) return { security: 'tls', port: usualPorts.tls }
  const { host, port, security, user, from, ca } = smtp
  return { host, port, security, user, from, ca }
}

/** Sets the usual port of the chosen encryption, unless somebody typed another one. */
function followSecurity(form: FormInstance<Values>, changed: Partial<Values>): void {
  if (!changed.security) return
  const isUsual = Object.values(usualPorts).some(port => port === form.getFieldValue('port'))
  if (isUsual) form.setFieldValue('port', usualPorts[changed.security])
}

function given({ host, port, security, user = '', password, from, ca }: Values) {
  return {
    host: host.trim(),
    port,
    security,
    user: user.trim(),
    from: from.trim(),
    ...(password ? { password } : {}),
    ...(ca?.trim() ? { ca } : {}),
  }
}

function ServerFields(): ReactNode {
  const t = useText('messages')
  const isNeeded = { required: true, message: t('required') }
  return (
    <div className="wisp-two">
      <Form.Item name="host" label={t('smtpHost')} rules={[isNeeded]}>
        <Input placeholder="smtp.exmail.qq.com" maxLength={253} />
      </Form.Item>
      <Form.Item name="security" label={t('security')}>
        <Select
          options={(['tls', 'starttls', 'none'] as const).map(value => ({
            value,
            label: t(`security_${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="port" label={t('smtpPort')} rules={[isNeeded]}>
        <InputNumber min={1} max={65_535} precision={0} style={{ width: '100%' }} />
      </Form.Item>
    </div>
  )
}

function AccountFields(props: { smtp: Smtp; form: FormInstance<Values> }): ReactNode {
  const t = useText('messages')
  const { smtp, form } = props
  const security = Form.useWatch('security', form)
  const host = Form.useWatch('host', form)
  const user = Form.useWatch('user', form)
  const isSame = smtp !== null && smtp.host === host && smtp.user === user
  const isKept = smtp?.hasPassword === true && isSame
  return (
    <>
      {security === 'none' ? (
        <Alert type="warning" showIcon title={t('securityWarning')} style={{ marginBottom: 16 }} />
      ) : null}
      <div className="wisp-two">
        <Form.Item name="user" label={t('user')}>
          <Input autoComplete="off" maxLength={320} />
        </Form.Item>
        <Form.Item name="password" label={t('password')} extra={t('passwordHint')}>
          <Input.Password
            autoComplete="new-password"
            placeholder={isKept ? t('kept') : smtp?.hasPassword ? t('retype') : ''}
            maxLength={1000}
          />
        </Form.Item>
      </div>
      <Form.Item
        name="from"
        label={t('fromAddress')}
        extra={t('fromHint')}
        rules={[{ required: true, message: t('required') }]}
      >
        <Input maxLength={500} />
      </Form.Item>
      <details style={{ marginBottom: 16 }}>
        <summary style={{ cursor: 'pointer' }}>{t('advanced')}</summary>
        <Form.Item name="ca" label={t('ca')} extra={t('caHint')} style={{ marginTop: 12 }}>
          <Input.TextArea rows={4} placeholder="-----BEGIN CERTIFICATE-----" />
        </Form.Item>
      </details>
    </>
  )
}
