import { Alert, Descriptions, Tag } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../../ui/data/api.ts'
import { useRead } from '../../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../../ui/feedback.tsx'
import { useText } from '../../../../ui/text.ts'

const path = '/web/messages/chats/show'
type Chat = Answer<typeof path>

/** Who is in a chat, as WeCom says now, and what it follows. */
export function ChatDetail({ id }: { id: string }): ReactNode {
  const t = useText('group-chats')
  const read = useRead(path, { id })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const chat = read.data
  const owner = chat.members.find(one => one.userId === chat.owner)?.name ?? chat.owner
  return (
    <>
      {chat.problem ? (
        <Alert type="warning" showIcon title={chat.problem} style={{ marginBottom: 16 }} />
      ) : null}
      {chat.status === 'creating' ? <Alert type="info" showIcon title={t('creatingHint')} /> : null}
      <Descriptions
        column={1}
        size="small"
        items={[
          { key: 'name', label: t('name'), children: chat.name },
          { key: 'id', label: t('id'), children: <code>{id}</code> },
          { key: 'owner', label: t('owner'), children: owner || '—' },
          { key: 'follow', label: t('follow'), children: <Followed follow={chat.follow} /> },
          {
            key: 'members',
            label: `${t('members')} ${chat.members.length}`,
            children: <div>{chat.members.map(one => one.name).join('、') || '—'}</div>,
          },
        ]}
      />
    </>
  )
}

function Followed({ follow }: { follow: Chat['follow'] }): ReactNode {
  const t = useText('group-chats')
  if (!follow) return t('notFollowing')
  const { departments, tags, users } = follow
  const all = [
    ...departments.map(name => `${t('departments')} ${name}`),
    ...tags.map(name => `${t('tags')} ${name}`),
    ...users.map(({ name }) => name),
  ]
  return (
    <div>
      {all.map(name => (
        <Tag key={name}>{name}</Tag>
      ))}
    </div>
  )
}
