import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink, PageLink } from '../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import type { Row } from '../../ui/data/api.ts'
import { ExportLink } from '../../ui/export-link.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { later } from '../../ui/fields/later.tsx'
import { type Column, ListTable, useList } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { CopyButton } from '../../ui/values/copy.tsx'
import { Time } from '../../ui/values/time.tsx'
import { MessageFilters, question } from './message-filters.tsx'
import { ChannelWord, Counts, MessageState, Sender, Subject } from './words.tsx'

const MessageView = later(async () => (await import('./message-view.tsx')).MessageView)

const path = '/web/messages/list'

export function Page(): ReactNode {
  const t = useText('messages')
  const message = useOpen()
  const [, set] = useUrlState()
  const columns = useColumns()
  return (
    <>
      <PageTitle
        title={t('listTitle')}
        hint={t('hint')}
        actions={<ExportLink path="/web/messages/export" filters={question.filters} />}
      />
      <MessageFilters />
      <NotWhole />
      <ListTable
        label={t('listLabel')}
        path={path}
        columns={columns}
        rowKey={row => row.msgId}
        {...question}
        onOpen={row => message.open(row.msgId)}
        every={15_000}
        empty={
          <EmptyState
            title={t('empty')}
            hint={t('emptyHint')}
            action={<PageLink to="/console/messages/settings">{t('toSettings')}</PageLink>}
          />
        }
      />
      <UrlDrawer title={t('message')} onClose={() => set({ tab: undefined })}>
        {id => <MessageView msgId={id} />}
      </UrlDrawer>
    </>
  )
}

function useColumns(): Column<Row<'/web/messages/list'>>[] {
  const t = useText('messages')
  return [
    {
      key: 'createdAt',
      title: t('time'),
      sorts: true,
      render: row => (
        <OpenLink id={row.msgId}>
          <Time at={row.createdAt} />
        </OpenLink>
      ),
    },
    { key: 'channel', title: t('channel'), render: row => <ChannelWord channel={row.channel} /> },
    { key: 'from', title: t('from'), render: row => <Sender row={row} /> },
    { key: 'subject', isSubject: true, title: t('subject'), render: row => <Subject row={row} /> },
    {
      key: 'state',
      title: t('state'),
      render: row => <MessageState state={row.state} heldUntil={row.heldUntil} />,
    },
    { key: 'receivers', title: t('receivers'), sorts: true, render: row => <Counts row={row} to={row.to} /> },
    {
      key: 'msgId',
      title: t('msgId'),
      wideOnly: true,
      render: row => (
        <span style={{ whiteSpace: 'nowrap' }}>
          <code>{row.msgId.slice(0, 8)}…</code>
          <CopyButton value={row.msgId} what={t('msgId')} />
        </span>
      ),
    },
  ]
}

/** The list's answer says whether the filter covered all messages. */
function NotWhole(): ReactNode {
  const t = useText('messages')
  const { read } = useList(path, question)
  if (read.data?.isWhole !== false) return null
  return <Alert type="info" showIcon title={t('notWhole')} style={{ marginBottom: 16 }} />
}
