import { Card } from 'antd'
import type { ReactNode } from 'react'
import type { TagRow } from '../../../server/directory/console/tags.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { formatNumber } from '../../ui/format.ts'
import { type Column, Filters, ListTable, UrlSearch } from '../../ui/list-table.tsx'
import { OpenLink } from '../../ui/page-link.tsx'
import { CopyId, PageTitle } from '../../ui/small.tsx'
import { useText } from '../../ui/text.ts'
import { useOpen } from '../../ui/url-drawer.tsx'
import './directory.css'
import { TagDrawer } from './tag-drawer.tsx'

export function Page(): ReactNode {
  const t = useText('directory')
  const { open } = useOpen()
  return (
    <>
      <PageTitle title={t('tagsTitle')} hint={t('tagsHint')} />
      <Card>
        <Filters>
          <UrlSearch name="text" placeholder={t('searchTags')} />
        </Filters>
        <ListTable<TagRow>
          path="/web/directory/tags"
          label={t('tags')}
          rowKey={row => row.tagId}
          filters={['text']}
          columns={useColumns()}
          onOpen={row => open(row.tagId)}
          empty={<EmptyState title={t('noTags')} hint={t('noTagsHint')} />}
        />
      </Card>
      <TagDrawer />
    </>
  )
}

function useColumns(): Column<TagRow>[] {
  const t = useText('directory')
  return [
    {
      key: 'tagName',
      title: t('tag'),
      sorts: true,
      render: row => <OpenLink id={row.tagId}>{row.tagName}</OpenLink>,
    },
    {
      key: 'memberCount',
      title: t('members'),
      sorts: true,
      align: 'right',
      render: row => formatNumber(row.memberCount),
    },
    {
      key: 'departmentCount',
      title: t('departments'),
      align: 'right',
      render: row => formatNumber(row.departmentCount),
    },
    {
      key: 'tagId',
      title: 'tagId',
      sorts: true,
      wideOnly: true,
      render: row => <CopyId value={row.tagId} />,
    },
  ]
}
