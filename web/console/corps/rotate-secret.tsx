import { Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { Refusal } from './refusal.tsx'

/** Replaces the contact secret. The new one is checked with WeCom before it is saved. */
export function RotateSecret(props: {
  corp: Answer<'/web/corps/one'>
  isOpen: boolean
  close(): void
}): ReactNode {
  const t = useText('corps')
  const [form] = Form.useForm<{ contactSecret: string }>()
  const [outcome, setOutcome] = useState<Answer<'/web/corps/add'>>()
  const act = useAct('/web/corps/rotate-secret', {
    done: output => (output.saved ? t('saved') : undefined),
    refresh: ['/web/corps'],
  })
  const close = () => {
    form.resetFields()
    setOutcome(undefined)
    props.close()
  }
  const save = async (force: boolean) => {
    const { contactSecret } = await form.validateFields()
    const result = await act.run({
      contactSecret: contactSecret.trim(),
      version: props.corp.version,
      force: force ? '1' : '0',
    })
    if (result?.saved) close()
    else setOutcome(result)
  }
  return (
    <Modal
      open={props.isOpen}
      title={t('rotateTitle')}
      okText={t('rotate')}
      confirmLoading={act.isRunning}
      onOk={() => void save(false).catch(() => undefined)}
      onCancel={close}
      destroyOnHidden
    >
      <p className="wisp-quiet">{t('rotateHint')}</p>
      <Form form={form} layout="vertical" preserve={false}>
        <Form.Item
          name="contactSecret"
          label={t('newSecret')}
          extra={t('contactSecretHelp')}
          rules={[{ required: true, whitespace: true }]}
        >
          <Input.Password autoComplete="off" maxLength={256} onChange={() => setOutcome(undefined)} />
        </Form.Item>
      </Form>
      {outcome && !outcome.saved ? (
        <Refusal
          checks={outcome.checks}
          isSaving={act.isRunning}
          force={() => void save(true).catch(() => undefined)}
        />
      ) : null}
    </Modal>
  )
}
