import { Checkbox, Form, Input, Modal } from 'antd'
import { type ReactNode, useId } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useText } from '../../../ui/text.ts'
import type { OwnSignIn } from './own-sign-in.ts'

type ClaimsRequest = { names: string[]; purpose: string }

/** Asks a super administrator that the app be told more about people. */
export function AskClaims(props: {
  devId: string
  signIn: OwnSignIn
  names: readonly string[]
  isOpen: boolean
  onClose(): void
}): ReactNode {
  const t = useText('app-sign-in')
  const id = useId()
  const { devId, signIn, names, isOpen, onClose } = props
  const act = useAct('/web/developers/app-sign-ins/ask', {
    done: t('asked'),
    refresh: ['/web/developers/app-sign-ins'],
  })
  const send = async (asked: ClaimsRequest) => {
    const { appId, version } = signIn
    if (await act.run({ devId, id: appId, version, ...asked })) onClose()
  }
  return (
    <Modal
      open={isOpen}
      title={t('askTitle', { name: signIn.appName })}
      okText={t('askSend')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: act.isRunning }}
      destroyOnHidden
      onCancel={onClose}
    >
      <Form<ClaimsRequest>
        id={id}
        layout="vertical"
        initialValues={{ names: [] }}
        onFinish={asked => void send(asked)}
      >
        <Form.Item
          name="names"
          label={t('askWhat')}
          rules={[{ type: 'array', min: 1, message: t('askNone') }]}
        >
          <Checkbox.Group style={{ display: 'grid', gap: 6 }}>
            {names.map(name => (
              <Checkbox key={name} value={name}>
                {t(`claim_${name}` as 'claim_profile')}
              </Checkbox>
            ))}
          </Checkbox.Group>
        </Form.Item>
        <Form.Item
          name="purpose"
          label={t('purpose')}
          extra={t('purposeHint')}
          rules={[{ required: true, whitespace: true }]}
        >
          <Input.TextArea rows={2} maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
