import type { ReactNode } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { laterDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import type { Row } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { formatNumber } from '../../ui/values/format.ts'
import './directory.css'

const TagDrawer = laterDrawer(async () => (await import('./tag-drawer.tsx')).TagDrawer)

export function Page(): ReactNode {
  const t = useText('directory')
  const { open } = useOpen()
  return (
    <>
      <PageTitle title={t('tagsTitle')} hint={t('tagsHint')} />
      <Filters>
        <UrlSearch name="text" placeholder={t('searchTags')} />
      </Filters>
      <ListTable
        path="/web/directory/tags"
        label={t('tags')}
        rowKey={row => row.tagId}
        filters={['text']}
        columns={useColumns()}
        onOpen={row => open(row.tagId)}
        empty={<EmptyState title={t('noTags')} hint={t('noTagsHint')} />}
      />
      <TagDrawer />
    </>
  )
}

function useColumns(): Column<Row<'/web/directory/tags'>>[] {
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
