import { Button, Form, type FormInstance, Input, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { ChannelState, SaveBar, SettingsCard, useSave } from './settings-card.tsx'
import { TestSend } from './test-send.tsx'

type SmsPage = Answer<'/web/messages/settings'>['sms']
type Values = {
  vendor: 'tencent' | 'aliyun'
  secretId: string
  secret?: string
  sdkAppId?: string
  region?: string
  signName?: string
  endpoint?: string
}

export function SmsSettings(props: { page: Answer<'/web/messages/settings'> }): ReactNode {
  const t = useText('messages')
  const { sms, versions, tests } = props.page
  const [form] = Form.useForm<Values>()
  const [isDirty, setDirty] = useState(false)
  const save = useSave('/web/messages/settings/sms', input =>
    input.vendor === 'none' ? { title: t('turnOffSms'), content: t('turnOffHint'), danger: true } : undefined,
  )
  return (
    <SettingsCard title={t('sms')} state={<ChannelState isConfigured={sms !== null} test={tests.sms} />}>
      <Form<Values>
        form={form}
        layout="vertical"
        name="sms"
        initialValues={sms ?? { vendor: 'tencent' }}
        onValuesChange={() => {
          save.touch()
          setDirty(true)
        }}
        onFinish={values => void save.run({ version: versions.sms, ...values })}
      >
        <AccountFields sms={sms} form={form} />
        {save.problem}
        <SaveBar form={form} isRunning={save.isRunning}>
          <TestSend channel="sms" isDirty={isDirty} isConfigured={sms !== null} />
          {sms ? (
            <Button danger onClick={() => void save.run({ version: versions.sms, vendor: 'none' })}>
              {t('turnOff')}
            </Button>
          ) : null}
        </SaveBar>
      </Form>
    </SettingsCard>
  )
}

function AccountFields(props: { sms: SmsPage; form: FormInstance<Values> }): ReactNode {
  const t = useText('messages')
  const { sms, form } = props
  const vendor = Form.useWatch('vendor', form) ?? sms?.vendor ?? 'tencent'
  const secretId = Form.useWatch('secretId', form)
  const endpoint = Form.useWatch('endpoint', form)
  const isKept =
    sms !== null && sms.vendor === vendor && sms.secretId === secretId && sms.endpoint === (endpoint ?? '')
  const isNeeded = { required: true, message: t('required') }
  const isTencent = vendor === 'tencent'
  return (
    <>
      <Form.Item name="vendor" label={t('vendor')}>
        <Segmented
          options={[
            { value: 'tencent', label: t('tencent') },
            { value: 'aliyun', label: t('aliyun') },
          ]}
        />
      </Form.Item>
      <div className="wisp-two">
        <Form.Item name="secretId" label={t(isTencent ? 'tencentId' : 'aliyunId')} rules={[isNeeded]}>
          <Input autoComplete="off" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="secret"
          label={t(isTencent ? 'tencentKey' : 'aliyunKey')}
          rules={isKept ? [] : [isNeeded]}
        >
          <Input.Password
            autoComplete="new-password"
            placeholder={isKept ? t('kept') : sms ? t('retypeSecret') : ''}
            maxLength={500}
          />
        </Form.Item>
        {isTencent ? (
          <Form.Item name="sdkAppId" label={t('sdkAppId')} rules={[isNeeded]}>
            <Input maxLength={50} />
          </Form.Item>
        ) : null}
        <Form.Item name="signName" label={t('signName')} extra={t('signNameHint')}>
          <Input maxLength={50} />
        </Form.Item>
      </div>
      <details style={{ marginBottom: 16 }}>
        <summary style={{ cursor: 'pointer' }}>{t('advanced')}</summary>
        <div className="wisp-two" style={{ marginTop: 12 }}>
          {isTencent ? (
            <Form.Item name="region" label={t('region')}>
              <Input placeholder="ap-guangzhou" maxLength={50} />
            </Form.Item>
          ) : null}
          <Form.Item name="endpoint" label={t('endpoint')} extra={t('endpointHint')}>
            <Input placeholder={isTencent ? 'sms.tencentcloudapi.com' : 'dysmsapi.aliyuncs.com'} />
          </Form.Item>
        </div>
      </details>
    </>
  )
}
