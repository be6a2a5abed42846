import { Alert, Form, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useErrorText } from '../../ui/data/error-text.ts'
import { PasswordMeter } from '../../ui/look/password-meter.tsx'
import { useText } from '../../ui/text.ts'

type Fields = { current: string; next: string; again: string }

/** Changes the password of the system super administrator. */
export function PasswordDialog(props: { isOpen: boolean; onClose(): void }): ReactNode {
  const t = useText('console')
  const textOf = useErrorText()
  const [form] = Form.useForm<Fields>()
  const change = useAct('/web/password', {
    done: t('passwordChanged'),
    refresh: ['/web/session'],
    isQuiet: true,
  })
  const submit = async ({ current, next }: Fields) => {
    if (await change.run({ current, next })) props.onClose()
  }
  return (
    <Modal
      open={props.isOpen}
      title={t('changePassword')}
      destroyOnHidden
      confirmLoading={change.isRunning}
      onCancel={props.onClose}
      onOk={() => form.submit()}
    >
      <Form form={form} layout="vertical" preserve={false} onFinish={submit}>
        {change.error ? <Alert type="error" showIcon title={textOf(change.error)} /> : null}
        <PasswordFields />
      </Form>
    </Modal>
  )
}

/** The fields for a new password, which has to be typed twice. */
function PasswordFields(): ReactNode {
  const t = useText('console')
  const next = Form.useWatch<string | undefined>('next')
  return (
    <>
      <Form.Item name="current" label={t('oldPassword')} rules={[{ required: true }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        name="next"
        label={t('newPassword')}
        extra={<PasswordMeter password={next ?? ''} />}
        rules={[{ required: true }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('newPasswordAgain')}
        dependencies={['next']}
        rules={[
          { required: true },
          ({ getFieldValue }) => ({
            validator: (_rule, value) =>
              !value || value === getFieldValue('next')
                ? Promise.resolve()
                : Promise.reject(new Error(t('passwordNotSame'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  )
}
