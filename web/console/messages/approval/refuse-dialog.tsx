import { Alert, Form, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useText } from '../../../ui/text.ts'

export function RefuseDialog({ msgId, close }: { msgId: string; close(): void }): ReactNode {
  const t = useText('send-approval')
  const textOf = useErrorText()
  const [form] = Form.useForm<{ reason: string }>()
  const refuse = useAct('/web/messages/refuse', {
    refresh: ['/web/messages/'],
    done: t('refused'),
    isQuiet: true,
  })
  return (
    <Modal
      open
      title={t('refuseTitle')}
      okText={t('refuse')}
      okButtonProps={{ danger: true, loading: refuse.isRunning }}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={async ({ reason }) => {
          if (await refuse.run({ msgId, reason })) close()
        }}
      >
        <Form.Item
          name="reason"
          label={t('refuseReason')}
          rules={[{ required: true, whitespace: true, message: t('required') }]}
        >
          <Input.TextArea rows={3} maxLength={200} />
        </Form.Item>
        {refuse.error ? <Alert type="error" showIcon role="alert" title={textOf(refuse.error)} /> : null}
      </Form>
    </Modal>
  )
}
