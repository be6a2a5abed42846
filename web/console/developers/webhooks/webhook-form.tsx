import { Form, Input, Modal, Select } from 'antd'
import { type ReactNode, useId } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useSecretOnce } from '../../../ui/secret-once.tsx'
import { useText } from '../../../ui/text.ts'
import { choices, typeText, type Webhook } from './standing.tsx'

type Values = { url: string; types: string[]; description: string }

/** Creates a webhook, whose secret is shown once, or changes one. */
export function WebhookForm(props: {
  devId: string
  webhook?: Webhook
  isOpen: boolean
  close(): void
  done?(webhookId: string): void
}): ReactNode {
  const t = useText('webhooks')
  const { devId, webhook, isOpen, close } = props
  const id = useId()
  const showOnce = useSecretOnce()
  const refresh = ['/web/developers/webhooks']
  const add = useAct('/web/developers/webhooks/add', { refresh })
  const save = useAct('/web/developers/webhooks/save', { refresh, done: t('saved') })
  const submit = async (values: Values) => {
    if (webhook) {
      if (await save.run({ devId, webhookId: webhook.webhookId, ...values })) close()
      return
    }
    const made = await add.run({ devId, ...values })
    if (!made) return
    close()
    await showOnce({
      title: t('createdTitle'),
      secrets: [{ label: t('secret'), value: made.secret }],
      note: t('createdNote'),
    })
    props.done?.(made.webhook.webhookId)
  }
  return (
    <Modal
      open={isOpen}
      title={webhook ? t('editTitle') : t('addTitle')}
      okText={webhook ? t('save') : t('create')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: add.isRunning || save.isRunning }}
      onCancel={close}
      destroyOnHidden
    >
      <Form<Values>
        id={id}
        layout="vertical"
        initialValues={{
          url: webhook?.url ?? '',
          types: webhook?.types ?? [],
          description: webhook?.description ?? '',
        }}
        onFinish={values => void submit(values)}
      >
        <Form.Item
          name="url"
          label={t('url')}
          extra={t('urlHelp')}
          rules={[{ required: true, whitespace: true }]}
        >
          <Input type="url" maxLength={500} placeholder="https://" autoComplete="off" />
        </Form.Item>
        <Form.Item name="types" label={t('types')} extra={t('typesHelp')}>
          <Select
            mode="multiple"
            allowClear
            placeholder={t('typesAll')}
            options={choices.map(value => ({ value, label: typeText(value, t) }))}
          />
        </Form.Item>
        <Form.Item name="description" label={t('description')}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
