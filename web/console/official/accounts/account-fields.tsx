import { Form, Input, Radio, Switch } from 'antd'
import type { ReactNode } from 'react'
import { Fold } from '../../../ui/forms/fold.tsx'
import { useText } from '../../../ui/text.ts'
import { IconField, type IconValue } from './icon-field.tsx'

export type AccountValues = {
  icon?: IconValue | undefined
  name: string
  originalId: string
  appId: string
  secret?: string | undefined
  kind: 'service' | 'subscription'
  verified: boolean
  mode: 'secure' | 'compatible' | 'plain'
  callbackToken?: string | undefined
  encodingAesKey?: string | undefined
}

/** The fields of the document's figure 7-1 under its own names, then what decides the account's abilities. */
export function AccountFields(props: { isBound?: boolean }): ReactNode {
  const t = useText('official')
  const name = Form.useWatch<string | undefined>('name') ?? ''
  const originalId = Form.useWatch<string | undefined>('originalId') ?? ''
  const needed = (label: string) => [
    { required: true, whitespace: true, message: t('required', { what: label }) },
  ]
  return (
    <>
      <Form.Item
        name="icon"
        label={t('icon')}
        required={!props.isBound}
        rules={props.isBound ? [] : [{ required: true, message: t('iconRequired') }]}
      >
        <IconField account={{ originalId, name }} />
      </Form.Item>
      <Form.Item name="name" label={t('formName')} rules={needed(t('formName'))}>
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="originalId"
        label={t('formOriginalId')}
        extra={t('originalIdHelp')}
        rules={[
          ...needed(t('formOriginalId')),
          { pattern: /^\s*gh_[A-Za-z0-9]{1,32}\s*$/, message: t('originalIdRule') },
        ]}
      >
        <Input maxLength={64} autoComplete="off" placeholder="gh_" disabled={props.isBound === true} />
      </Form.Item>
      <Form.Item
        name="appId"
        label={t('formAppId')}
        extra={t('appIdHelp')}
        rules={[
          ...needed(t('formAppId')),
          { pattern: /^\s*wx[0-9A-Za-z]{1,32}\s*$/, message: t('appIdRule') },
        ]}
      >
        <Input maxLength={64} autoComplete="off" placeholder="wx" />
      </Form.Item>
      <Form.Item
        name="secret"
        label={t('formSecret')}
        extra={t('secretHelp')}
        rules={props.isBound ? [] : needed(t('formSecret'))}
      >
        <Input.Password
          maxLength={128}
          autoComplete="new-password"
          {...(props.isBound ? { placeholder: t('secretKept') } : {})}
        />
      </Form.Item>
      <KindFields />
      <Fold summary={t('moreFields')}>
        <CallbackFields isBound={props.isBound} />
      </Fold>
    </>
  )
}

function KindFields(): ReactNode {
  const t = useText('official')
  return (
    <>
      <Form.Item name="kind" label={t('kind')}>
        <Radio.Group
          options={[
            { value: 'service', label: t('service') },
            { value: 'subscription', label: t('subscription') },
          ]}
        />
      </Form.Item>
      <Form.Item name="verified" label={t('formVerified')} valuePropName="checked" extra={t('verifiedHelp')}>
        <Switch />
      </Form.Item>
    </>
  )
}

function CallbackFields(props: { isBound: boolean | undefined }): ReactNode {
  const t = useText('official')
  const extra = props.isBound ? t('callbackKept') : t('callbackMade')
  return (
    <>
      <Form.Item name="mode" label={t('mode')} extra={t('modeHelp')}>
        <Radio.Group
          options={(['secure', 'compatible', 'plain'] as const).map(value => ({ value, label: t(value) }))}
        />
      </Form.Item>
      <Form.Item
        name="callbackToken"
        label="Token"
        extra={extra}
        rules={[{ pattern: /^[A-Za-z0-9]{3,32}$/, message: t('tokenRule') }]}
      >
        <Input maxLength={32} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="encodingAesKey"
        label="EncodingAESKey"
        extra={extra}
        rules={[{ pattern: /^[A-Za-z0-9]{43}$/, message: t('keyRule') }]}
      >
        <Input maxLength={43} autoComplete="off" />
      </Form.Item>
    </>
  )
}
