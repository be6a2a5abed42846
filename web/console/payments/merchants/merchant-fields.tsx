import { Form, Input, Select } from 'antd'
import type { ReactNode } from 'react'
import type { FieldsOf } from '../../../ui/data/form-act.ts'
import { useText } from '../../../ui/text.ts'
import { PemField } from './pem-field.tsx'

export type MerchantValues = {
  name: string
  mchId: string
  appIds: string[]
  serial: string
  privateKey?: string | undefined
  certificate?: string | undefined
  apiV3Key?: string | undefined
  publicKeyId?: string | undefined
  publicKey?: string | undefined
  miniProgram?: string | undefined
}

/** How the calls name their inputs; the longer of two that begin alike is first. */
export const fieldsOfMerchant: FieldsOf = {
  named: Object.fromEntries(
    (
      [
        'name',
        'mchId',
        'appIds',
        'serial',
        'privateKey',
        'certificate',
        'apiV3Key',
        'publicKeyId',
        'publicKey',
        'miniProgram',
      ] as const satisfies (keyof MerchantValues)[]
    ).map(name => [name, name]),
  ),
}

/** The input of the calls, without the blanks that are copied along. */
export function inputOf(values: MerchantValues) {
  return {
    name: values.name.trim(),
    mchId: values.mchId.trim(),
    appIds: values.appIds,
    serial: values.serial.trim(),
    privateKey: values.privateKey ?? '',
    certificate: values.certificate ?? '',
    apiV3Key: values.apiV3Key?.trim() ?? '',
    publicKeyId: values.publicKeyId?.trim() ?? '',
    publicKey: values.publicKey ?? '',
    miniProgram: values.miniProgram?.trim() ?? '',
  }
}

/** The fields in the order in which the merchant platform shows them. Keys of a connected merchant are kept when left empty. */
export function MerchantFields(props: { isConnected?: boolean }): ReactNode {
  const t = useText('payments-merchants')
  const { isConnected = false } = props
  const needed = (label: string) => ({
    required: true,
    whitespace: true,
    message: t('required', { what: label }),
  })
  const kept = isConnected ? { placeholder: t('kept') } : {}
  return (
    <>
      <Form.Item name="name" label={t('name')} rules={[needed(t('name'))]}>
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="mchId"
        label={t('mchId')}
        tooltip={t('mchIdHelp')}
        rules={[needed(t('mchId')), { pattern: /^\s*\d{6,32}\s*$/, message: t('mchIdRule') }]}
      >
        <Input maxLength={32} autoComplete="off" inputMode="numeric" disabled={isConnected} />
      </Form.Item>
      <Form.Item
        name="appIds"
        label="AppID"
        tooltip={t('appIdsHelp')}
        rules={[{ required: true, message: t('required', { what: 'AppID' }) }]}
      >
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          tokenSeparators={[' ', ',', '，', '、', '\n']}
          placeholder={t('appIdsPlaceholder')}
        />
      </Form.Item>
      <Form.Item
        name="serial"
        label={t('serial')}
        tooltip={t('serialHelp')}
        rules={[
          needed(t('serial')),
          { pattern: /^[\s:]*([0-9A-Fa-f][\s:]*){40}$/, message: t('serialRule') },
        ]}
      >
        <Input maxLength={128} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="privateKey"
        label={t('privateKey')}
        tooltip={t('privateKeyHelp')}
        rules={isConnected ? [] : [needed(t('privateKey'))]}
      >
        <PemField file="apiclient_key.pem" {...kept} />
      </Form.Item>
      <Form.Item name="certificate" label={t('certificate')} tooltip={t('certificateHelp')}>
        <PemField file="apiclient_cert.pem" {...kept} />
      </Form.Item>
      <PlatformFields isConnected={isConnected} />
      <Form.Item name="miniProgram" label={t('miniProgram')} tooltip={t('miniProgramHelp')}>
        <Input maxLength={128} autoComplete="off" placeholder="pages/pay/index" />
      </Form.Item>
    </>
  )
}

/** What WeChat Pay's answers and notifications are verified and opened with. */
function PlatformFields({ isConnected }: { isConnected: boolean }): ReactNode {
  const t = useText('payments-merchants')
  const kept = isConnected ? { placeholder: t('kept') } : {}
  return (
    <>
      <Form.Item
        name="apiV3Key"
        label={t('apiV3Key')}
        tooltip={t('apiV3KeyHelp')}
        extra={isConnected ? undefined : t('apiV3KeyExtra')}
        rules={[{ pattern: /^\s*[\x21-\x7e]{32}\s*$/, message: t('apiV3KeyRule') }]}
      >
        <Input.Password maxLength={64} autoComplete="new-password" {...kept} />
      </Form.Item>
      <Form.Item
        name="publicKeyId"
        label={t('publicKeyId')}
        tooltip={t('publicKeyHelp')}
        rules={[{ pattern: /^\s*PUB_KEY_ID_\d+\s*$/, message: t('publicKeyIdRule') }]}
      >
        <Input maxLength={128} autoComplete="off" placeholder="PUB_KEY_ID_" />
      </Form.Item>
      <Form.Item name="publicKey" label={t('publicKey')} extra={t('publicKeyExtra')}>
        <PemField file="pub_key.pem" {...kept} />
      </Form.Item>
    </>
  )
}
