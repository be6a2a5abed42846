import { Alert, Button, Form, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { api } from '../ui/api.ts'
import { useErrorText } from '../ui/feedback.tsx'
import { useText } from '../ui/text.ts'

type Fields = { current: string; next: string; again: string }

/** Before anything else: the password that was generated or given out is changed. */
export function ChangePassword(props: { onDone(): void }): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const submit = async ({ current, next }: Fields) => {
    setBusy(true)
    try {
      await api.post('/web/password', { current, next })
      props.onDone()
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(false)
    }
  }
  const needed = { required: true, message: t('needed') }
  return (
    <Form layout="vertical" requiredMark={false} onFinish={submit}>
      <h2 style={{ margin: '0 0 4px', fontSize: 18 }}>{t('changeTitle')}</h2>
      <p style={{ color: 'var(--wisp-quiet)', margin: '0 0 20px' }}>{t('changeHint')}</p>
      <div role="alert">
        {error ? <Alert type="error" showIcon title={textOf(error)} style={{ marginBottom: 16 }} /> : null}
      </div>
      <Form.Item name="current" label={t('current')} rules={[needed]}>
        <Input.Password autoComplete="current-password" size="large" autoFocus />
      </Form.Item>
      <Form.Item
        name="next"
        label={t('changed')}
        extra={t('length')}
        rules={[needed, { min: 8, message: t('length') }]}
      >
        <Input.Password autoComplete="new-password" size="large" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('again')}
        dependencies={['next']}
        rules={[
          needed,
          ({ getFieldValue }) => ({
            validator: (_rule, value) =>
              !value || value === getFieldValue('next')
                ? Promise.resolve()
                : Promise.reject(new Error(t('notSame'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" size="large" />
      </Form.Item>
      <Button type="primary" size="large" block htmlType="submit" loading={isBusy}>
        {t('goOn')}
      </Button>
    </Form>
  )
}
