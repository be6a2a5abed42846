import { Form, Input, Select } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'

type DestinationWish = {
  url?: string
  members?: string
  mails?: string
  receiver?: string
  endpoint?: string
  region?: string
  bucket?: string
  addressing?: 'virtual-host' | 'path' | 'own-domain'
  prefix?: string
  accessKey?: string
  secretKey?: string
}

const named = {
  url: 'url',
  members: 'members',
  mails: 'mails',
  receiver: 'receiver',
  endpoint: 'endpoint',
  region: 'region',
  bucket: 'bucket',
  prefix: 'prefix',
  accessKey: 'accessKey',
  secretKey: 'secretKey',
} as const

/** Where checkpoints go: an address, a receiver of the audit log, a bucket of S3, mail addresses and members of the corp. */
export function DestinationForm(props: {
  scope: 'corp' | 'installation'
  view: Answer<'/web/audit/integrity'>
  done(): void
}): ReactNode {
  const t = useText('integrity')
  const unsaved = useUnsaved()
  const [form] = Form.useForm<DestinationWish>()
  const act = useFormAct(
    '/web/audit/integrity/destination',
    form,
    { named },
    { done: t('saved'), refresh: ['/web/audit/integrity'] },
  )
  const submit = async (wish: DestinationWish) => {
    if (!(await act.run({ scope: props.scope, ...wish }))) return
    unsaved.clear()
    props.done()
  }
  const { url, members, mails, receiver, receivers, bucket } = props.view
  const addressings = (['virtual-host', 'path', 'own-domain'] as const).map(value => ({
    value,
    label: t(`addressing:${value}`),
  }))
  const initial: DestinationWish = {
    url,
    members: members.join(', '),
    mails: mails.join(', '),
    ...(receiver ? { receiver } : {}),
    addressing: 'virtual-host',
    ...bucket,
  }
  return (
    <DrawerForm<DestinationWish>
      form={form}
      name="destination"
      submit={t('save')}
      isRunning={act.isRunning}
      initialValues={initial}
      onValuesChange={unsaved.touch}
      onFinish={wish => void submit(wish)}
    >
      <Form.Item name="url" label={t('address')} extra={t('addressHelp')}>
        <Input maxLength={500} placeholder="https://" autoComplete="off" />
      </Form.Item>
      <Form.Item name="receiver" label={t('receiver')} extra={t('receiverHelp')}>
        <Select allowClear options={receivers.map(({ id, name }) => ({ value: id, label: name }))} />
      </Form.Item>
      {props.scope === 'corp' ? (
        <>
          <Form.Item name="members" label={t('members')} extra={t('membersHelp')}>
            <Input maxLength={700} autoComplete="off" />
          </Form.Item>
          <Form.Item name="mails" label={t('mails')} extra={t('mailsHelp')}>
            <Input maxLength={2000} autoComplete="off" />
          </Form.Item>
        </>
      ) : null}
      <Form.Item name="endpoint" label={t('endpoint')} extra={t('bucketHelp')}>
        <Input maxLength={500} placeholder="https://" autoComplete="off" />
      </Form.Item>
      <Form.Item noStyle dependencies={['endpoint']}>
        {({ getFieldValue }) =>
          getFieldValue('endpoint') ? (
            <>
              <Form.Item name="bucket" label={t('bucket')}>
                <Input maxLength={63} autoComplete="off" />
              </Form.Item>
              <Form.Item name="region" label={t('region')}>
                <Input maxLength={64} autoComplete="off" />
              </Form.Item>
              <Form.Item name="addressing" label={t('addressing')}>
                <Select options={addressings} />
              </Form.Item>
              <Form.Item name="prefix" label={t('prefix')}>
                <Input maxLength={200} autoComplete="off" />
              </Form.Item>
              <Form.Item name="accessKey" label={t('accessKey')}>
                <Input maxLength={200} autoComplete="off" />
              </Form.Item>
              <Form.Item
                name="secretKey"
                label={t('secretKey')}
                extra={bucket ? t('secretKeyHelp') : undefined}
              >
                <Input.Password maxLength={200} autoComplete="new-password" />
              </Form.Item>
            </>
          ) : null
        }
      </Form.Item>
    </DrawerForm>
  )
}
