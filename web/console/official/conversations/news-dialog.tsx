import { Form, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import type { SendMessage } from './shown.ts'

type Values = { title: string; description?: string; url: string; picUrl?: string }

/** A card that opens a page. */
export function NewsDialog(props: { onSend: SendMessage; onClose(): void }): ReactNode {
  const t = useText('official-conversations')
  const [form] = Form.useForm<Values>()
  const { onSend, onClose } = props
  const submit = async ({ title, description = '', url, picUrl = '' }: Values) => {
    if (await onSend({ type: 'news', title, description, url, picUrl })) onClose()
  }
  const address = { pattern: /^https?:\/\//i, message: t('addressBad') }
  return (
    <Modal open title={t('news')} okText={t('send')} onOk={form.submit} onCancel={onClose}>
      <Form<Values> name="news" form={form} layout="vertical" onFinish={submit}>
        <Form.Item name="title" label={t('newsTitle')} rules={[{ required: true, message: t('required') }]}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="description" label={t('newsDescription')}>
          <Input.TextArea maxLength={512} rows={2} />
        </Form.Item>
        <Form.Item
          name="url"
          label={t('newsUrl')}
          rules={[{ required: true, message: t('required') }, address]}
        >
          <Input maxLength={1024} placeholder="https://" />
        </Form.Item>
        <Form.Item name="picUrl" label={t('newsPicture')} rules={[address]}>
          <Input maxLength={1024} placeholder="https://" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
