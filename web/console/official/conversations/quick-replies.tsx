import { Button, Drawer, Form, Input, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'

type Values = { shortcut: string; content: string }

/** The account's quick replies: added, changed and removed in a drawer. */
export function QuickReplies({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-conversations')
  const [isOpen, setOpen] = useState(false)
  const [edited, setEdited] = useState<number | 'new'>()
  const { data } = useRead('/web/official/quick-replies', { originalId })
  const remove = useAct('/web/official/quick-replies/remove', {
    refresh: ['/web/official/quick-replies'],
    confirm: () => ({ title: t('quickRemoveAsk'), okText: t('remove'), danger: true }),
  })
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('quickReplies')}</Button>
      <Drawer
        open={isOpen}
        title={t('quickReplies')}
        size={480}
        onClose={() => setOpen(false)}
        extra={
          <Button type="primary" onClick={() => setEdited('new')}>
            {t('add')}
          </Button>
        }
      >
        <p className="wisp-quiet">{t('quickHint')}</p>
        {edited === 'new' ? (
          <QuickReplyForm originalId={originalId} onEnd={() => setEdited(undefined)} />
        ) : null}
        {data?.list.length === 0 && edited === undefined ? <EmptyState title={t('quickNone')} /> : null}
        <ul className="wisp-cards">
          {data?.list.map(one => (
            <li key={one.id}>
              {edited === one.id ? (
                <QuickReplyForm originalId={originalId} before={one} onEnd={() => setEdited(undefined)} />
              ) : (
                <>
                  <div className="wisp-card-head">{one.shortcut}</div>
                  <div style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{one.content}</div>
                  <Space>
                    <Button type="link" style={{ padding: 0 }} onClick={() => setEdited(one.id)}>
                      {t('edit')}
                    </Button>
                    <Button
                      type="link"
                      danger
                      style={{ padding: 0 }}
                      onClick={() => void remove.run({ originalId, id: one.id })}
                    >
                      {t('remove')}
                    </Button>
                  </Space>
                </>
              )}
            </li>
          ))}
        </ul>
      </Drawer>
    </>
  )
}

function QuickReplyForm(props: {
  originalId: string
  before?: Values & { id: number }
  onEnd(): void
}): ReactNode {
  const t = useText('official-conversations')
  const { originalId, before, onEnd } = props
  const save = useAct('/web/official/quick-replies/save', { refresh: ['/web/official/quick-replies'] })
  const submit = async (values: Values) => {
    if (await save.run({ originalId, ...values, ...(before ? { id: before.id } : {}) })) onEnd()
  }
  return (
    <Form<Values> name="quick-reply" layout="vertical" initialValues={before ?? {}} onFinish={submit}>
      <Form.Item name="shortcut" label={t('shortcut')} rules={[{ required: true, message: t('required') }]}>
        <Input maxLength={20} />
      </Form.Item>
      <Form.Item name="content" label={t('content')} rules={[{ required: true, message: t('required') }]}>
        <Input.TextArea rows={4} maxLength={2048} />
      </Form.Item>
      <Space style={{ marginBottom: 16 }}>
        <Button type="primary" htmlType="submit" loading={save.isRunning}>
          {t('save')}
        </Button>
        <Button onClick={onEnd}>{t('cancel')}</Button>
      </Space>
    </Form>
  )
}
