import { DeleteOutlined } from '@ant-design/icons'
import { Button, Space, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../../ui/data/act.tsx'
import type { Row } from '../../../../ui/data/api.ts'
import { EmptyState } from '../../../../ui/feedback.tsx'
import { later } from '../../../../ui/fields/later.tsx'
import { type Column, ListTable } from '../../../../ui/list-table.tsx'
import { PageTitle } from '../../../../ui/page-title.tsx'
import { useText } from '../../../../ui/text.ts'
import { type TestAnswer, TestButton, TestResult } from '../tests.tsx'

const ChatDetail = later(async () => (await import('./chat-detail.tsx')).ChatDetail)

const path = '/web/messages/chats'
type Chat = Row<typeof path>

export function Page(): ReactNode {
  const t = useText('group-chats')
  const drawer = useOpen()
  const [answer, setAnswer] = useState<TestAnswer>()
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      <TestResult
        answer={answer}
        words={t(answer?.isSent ? 'sent' : 'notSent')}
        onClose={() => setAnswer(undefined)}
      />
      <ListTable
        label={t('title')}
        path={path}
        columns={useColumns(setAnswer)}
        rowKey={row => row.chatId}
        onOpen={row => drawer.open(row.chatId)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
      />
      <UrlDrawer title={t('title')}>{id => <ChatDetail key={id} id={id} />}</UrlDrawer>
    </>
  )
}

function useColumns(tell: (answer: TestAnswer) => void): Column<Chat>[] {
  const t = useText('group-chats')
  return [
    { key: 'name', title: t('name'), render: row => <OpenLink id={row.chatId}>{row.name}</OpenLink> },
    { key: 'developer', title: t('developer'), render: row => row.developer },
    { key: 'members', title: t('members'), render: row => row.members },
    { key: 'follow', title: t('follow'), render: row => <State chat={row} /> },
    { key: 'id', title: t('id'), render: row => <code>{row.chatId}</code> },
    { key: 'acts', title: '', align: 'right', render: row => <Acts chat={row} tell={tell} /> },
  ]
}

/** What has to be known of a chat: that it is not there yet, or does not follow. */
function State({ chat }: { chat: Chat }): ReactNode {
  const t = useText('group-chats')
  if (chat.status !== 'ready')
    return <Tag color={chat.status === 'failed' ? 'error' : 'processing'}>{t(chat.status)}</Tag>
  if (!chat.follow) return '—'
  return chat.problem ? (
    <Tag color="warning" title={chat.problem}>
      {t('problem')}
    </Tag>
  ) : (
    t('follows')
  )
}

function Acts({ chat, tell }: { chat: Chat; tell: (answer: TestAnswer) => void }): ReactNode {
  const t = useText('group-chats')
  const { chatId: id, name } = chat
  const remove = useAct('/web/messages/chats/remove', {
    done: t('removed'),
    refresh: [path],
    confirm: () => ({
      title: t('remove', { name }),
      content: t('removeHint'),
      okText: t('removeOk'),
      danger: true,
    }),
  })
  return (
    <Space size={4}>
      {chat.status === 'ready' ? (
        <TestButton path="/web/messages/chats/test" row={{ id, name }} label={t('test')} tell={tell} />
      ) : null}
      <Button
        size="small"
        type="text"
        danger
        icon={<DeleteOutlined aria-hidden />}
        aria-label={`${t('removeOk')} ${name}`}
        loading={remove.isRunning}
        onClick={() => void remove.run({ id })}
      />
    </Space>
  )
}
