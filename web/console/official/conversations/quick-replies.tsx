import { Button, Drawer, Form, Input, Space } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading, NotFound } from '../../../ui/feedback.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { useText } from '../../../ui/text.ts'

const newReply = 'new'
const lists = ['/web/official/quick-replies'] as const

/** The account's quick replies: a drawer with all of them, and one with the form of one. */
export function QuickReplies({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-conversations')
  const all = useOpen('replies')
  const one = useOpen('reply')
  return (
    <>
      <Button onClick={() => all.open(1)}>{t('quickReplies')}</Button>
      <Drawer
        open={all.id !== ''}
        title={t('quickReplies')}
        size={480}
        onClose={all.close}
        extra={
          <Button type="primary" onClick={() => one.open(newReply)}>
            {t('add')}
          </Button>
        }
      >
        <p className="wisp-quiet">{t('quickHint')}</p>
        <List originalId={originalId} />
      </Drawer>
      <UrlDrawer title={t('quickReply')} name="reply">
        {id => <QuickReply key={id} originalId={originalId} id={id} done={one.close} />}
      </UrlDrawer>
    </>
  )
}

function List({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-conversations')
  const { open } = useOpen('reply')
  const { data, error, refetch } = useRead('/web/official/quick-replies', { originalId })
  const remove = useAct('/web/official/quick-replies/remove', {
    refresh: lists,
    confirm: () => ({ title: t('quickRemoveAsk'), okText: t('remove'), danger: true }),
  })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  if (data.list.length === 0) return <EmptyState title={t('quickNone')} />
  return (
    <ul className="wisp-cards">
      {data.list.map(one => (
        <li key={one.id}>
          <div className="wisp-card-head">{one.shortcut}</div>
          <div style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{one.content}</div>
          <Space>
            <Button type="link" style={{ padding: 0 }} onClick={() => open(one.id)}>
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
        </li>
      ))}
    </ul>
  )
}

type StoredReply = Answer<'/web/official/quick-replies'>['list'][number]
type FormProps = { originalId: string; done(): void }

function QuickReply({ id, ...props }: FormProps & { id: string }): ReactNode {
  const { data, error, refetch } = useRead('/web/official/quick-replies', { originalId: props.originalId })
  if (id === newReply) return <QuickReplyForm {...props} />
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const stored = data.list.find(one => String(one.id) === id)
  return stored ? <QuickReplyForm {...props} stored={stored} reread={refetch} /> : <NotFound />
}

function QuickReplyForm(
  props: FormProps & { stored?: StoredReply; reread?: () => Promise<unknown> },
): ReactNode {
  const t = useText('official-conversations')
  const { originalId, stored, done } = props
  const { shortcut = '', content = '' } = stored ?? {}
  const object = useObjectForm<{ shortcut: string; content: string }, '/web/official/quick-replies/save'>(
    '/web/official/quick-replies/save',
    {
      shown: { shortcut, content },
      version: stored?.version ?? '',
      labels: { shortcut: t('shortcut'), content: t('content') },
      fields: { named: { content: 'content' }, otherwise: 'shortcut' },
      reread: props.reread,
      refresh: lists,
    },
  )
  const of = stored ? { id: stored.id, version: object.version } : {}
  const isNeeded = { required: true, message: t('required') }
  return (
    <ObjectForm
      object={object}
      name="quick-reply"
      save={async values => {
        if (await object.run({ originalId, ...values, ...of })) done()
      }}
    >
      <Form.Item name="shortcut" label={t('shortcut')} rules={[isNeeded]}>
        <Input maxLength={20} />
      </Form.Item>
      <Form.Item name="content" label={t('content')} rules={[isNeeded]}>
        <Input.TextArea rows={6} maxLength={2048} />
      </Form.Item>
    </ObjectForm>
  )
}
