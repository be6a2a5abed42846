import { Button, Form, Input, Modal, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { level } from '../../../ui/data/level.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { useText } from '../../../ui/text.ts'
import type { Conversation } from './shown.ts'

type Props = { originalId: string; conversation: Conversation }
type Values = { userId?: string; note?: string }

/** Takes a conversation that nobody has, or gives it to somebody. */
export function AssignButton({ originalId, conversation }: Props): ReactNode {
  const t = useText('official-conversations')
  const { person } = useSession()
  const [isOpen, setOpen] = useState(false)
  const { assigned, openid } = conversation
  const act = useAct('/web/official/conversation/assign', { refresh: ['/web/official/conversation'] })
  const userId = person.roleLevel === level.system ? undefined : person.userId
  const take =
    assigned === null && userId ? (
      <Button loading={act.isRunning} onClick={() => void act.run({ originalId, openid, userId })}>
        {t('take')}
      </Button>
    ) : null
  return (
    <>
      {take}
      <Button onClick={() => setOpen(true)}>
        {assigned ? t('assignedTo', { who: assigned.name }) : t('assign')}
      </Button>
      {isOpen ? (
        <AssignDialog originalId={originalId} conversation={conversation} onClose={() => setOpen(false)} />
      ) : null}
    </>
  )
}

function AssignDialog({ originalId, conversation, onClose }: Props & { onClose(): void }): ReactNode {
  const t = useText('official-conversations')
  const [form] = Form.useForm<Values>()
  const { data } = useRead('/web/official/conversations/people', { originalId })
  const { openid, assigned, isMine } = conversation
  const act = useAct('/web/official/conversation/assign', {
    done: t('assigned'),
    refresh: ['/web/official/conversation'],
  })
  const isOthers = assigned !== null && !isMine
  const submit = async ({ userId = '', note = '' }: Values) => {
    if (await act.run({ originalId, openid, userId, note })) onClose()
  }
  return (
    <Modal
      open
      title={t('assign')}
      okText={t('confirm')}
      confirmLoading={act.isRunning}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<Values> name="assign" form={form} layout="vertical" onFinish={submit}>
        <Form.Item name="userId" label={t('assignTo')} initialValue={isOthers ? undefined : assigned?.userId}>
          <Select
            allowClear
            placeholder={t('nobody')}
            options={(data?.list ?? []).map(one => ({ value: one.userId, label: one.name }))}
            showSearch={{ optionFilterProp: 'label' }}
          />
        </Form.Item>
        <Form.Item
          name="note"
          label={t('note')}
          extra={isOthers ? t('noteHint', { who: assigned.name }) : undefined}
          rules={isOthers ? [{ required: true, whitespace: true, message: t('required') }] : []}
        >
          <Input.TextArea rows={2} maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
