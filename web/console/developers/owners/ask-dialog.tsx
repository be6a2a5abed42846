import { Checkbox, Form, Input, Modal } from 'antd'
import { type ReactNode, useId } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useText } from '../../../ui/text.ts'
import { useScopeName } from '../developer-fields.tsx'

type ScopeRequest = { scopes: string[]; reason: string }

/** Asks administrators for scopes. */
export function AskDialog(props: {
  devId: string
  scopes: readonly string[]
  isOpen: boolean
  onClose(): void
}): ReactNode {
  const t = useText('developer-owners')
  const nameOf = useScopeName()
  const id = useId()
  const { devId, isOpen, onClose } = props
  const act = useAct('/web/developers/scope-requests/ask', { done: t('asked'), refresh: ['/web/developers'] })
  const send = async (form: ScopeRequest) => {
    if (await act.run({ devId, ...form })) onClose()
  }
  return (
    <Modal
      open={isOpen}
      title={t('askTitle')}
      okText={t('askSend')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: act.isRunning }}
      destroyOnHidden
      onCancel={onClose}
    >
      <Form<ScopeRequest>
        id={id}
        layout="vertical"
        initialValues={{ scopes: [] }}
        onFinish={form => void send(form)}
      >
        <Form.Item
          name="scopes"
          label={t('askScopes')}
          rules={[{ type: 'array', min: 1, message: t('askNone') }]}
        >
          <Checkbox.Group style={{ display: 'grid', gap: 6 }}>
            {props.scopes.map(scope => (
              <Checkbox key={scope} value={scope}>
                {nameOf(scope)} <code className="wisp-quiet">{scope}</code>
              </Checkbox>
            ))}
          </Checkbox.Group>
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('askReason')}
          extra={t('askReasonHint')}
          rules={[{ required: true, whitespace: true }]}
        >
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
