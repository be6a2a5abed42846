import { ApartmentOutlined } from '@ant-design/icons'
import { Alert, Button, Checkbox, Drawer, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import { laterDrawer, UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ExportLink } from '../../ui/export-link.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelectMany, useList } from '../../ui/list-table.tsx'
import { useNarrow } from '../../ui/look/width.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { DepartmentTree } from './department-tree.tsx'
import './directory.css'
import { later } from '../../ui/fields/later.tsx'
import { LinkButton } from './link-button.tsx'
import { MemberName, MemberState, memberQuit } from './member-name.tsx'

const MemberDrawer = laterDrawer(async () => (await import('./member-drawer.tsx')).MemberDrawer)
const ChangesOfDay = later(async () => (await import('./changes-of-day.tsx')).ChangesOfDay)

export function Page(): ReactNode {
  const t = useText('directory')
  const { data, error, refetch } = useRead('/web/directory/summary')
  const fixed = useScope()
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <>
      <PageTitle
        title={t('members')}
        hint={data.synced ? t('membersHint') : undefined}
        actions={data.synced ? <ExportLink path={`${path}/export`} filters={filters} fixed={fixed} /> : null}
      />
      {data.synced ? <Members /> : <NeverSynced />}
      <MemberDrawer />
      <UrlDrawer title={t('changesOfDay')} name="changes">
        {day => <ChangesOfDay day={day} />}
      </UrlDrawer>
    </>
  )
}

/** Shown before the first sync, when the only thing to do is to start it. */
export function NeverSynced(): ReactNode {
  const t = useText('directory')
  const { isSuper } = useSession()
  return (
    <Panel>
      <EmptyState
        title={t('neverSynced')}
        hint={t(isSuper ? 'neverSyncedHint' : 'neverSyncedGraded')}
        action={
          isSuper ? (
            <LinkButton to="/console/sync" type="primary">
              {t('toSync')}
            </LinkButton>
          ) : null
        }
      />
    </Panel>
  )
}

function Members(): ReactNode {
  const isNarrow = useNarrow(1024)
  return (
    <div className="directory-split">
      {isNarrow ? null : (
        <Panel className="directory-side">
          <ChosenTree />
        </Panel>
      )}
      <div className="directory-main">
        {isNarrow ? <TreeButton /> : null}
        <MemberFilters />
        <MemberTable />
      </div>
    </div>
  )
}

function ChosenTree(props: { onChosen?: () => void }): ReactNode {
  const [values, set] = useUrlState()
  return (
    <DepartmentTree
      chosen={values['orgId'] ?? ''}
      onChoose={orgId => {
        set({ orgId, pageNo: undefined })
        props.onChosen?.()
      }}
    />
  )
}

/** On narrow screens the tree is in a drawer, which this button opens. */
function TreeButton(): ReactNode {
  const t = useText('directory')
  const [isOpen, setOpen] = useState(false)
  const [values] = useUrlState()
  const orgId = values['orgId'] ?? ''
  const names = useRead('/web/directory/names', { orgIds: orgId }, { enabled: orgId !== '' })
  const name = names.data?.departments[0]?.orgName
  return (
    <>
      <Button block icon={<ApartmentOutlined />} onClick={() => setOpen(true)} style={{ marginBottom: 12 }}>
        {orgId && name ? t('above', { name }) : t('allDepartments')}
      </Button>
      <Drawer
        open={isOpen}
        placement="left"
        title={t('tree')}
        size={Math.min(360, window.innerWidth)}
        onClose={() => setOpen(false)}
      >
        <ChosenTree onChosen={() => setOpen(false)} />
      </Drawer>
    </>
  )
}

function MemberFilters(): ReactNode {
  const t = useText('directory')
  const [values, set] = useUrlState()
  return (
    <Filters>
      <UrlSearch name="text" placeholder={t('searchMembers')} />
      <UrlSelectMany
        name="status"
        label={t('status')}
        options={[
          { value: 'active', label: t('active') },
          { value: 'notActivated', label: t('notActivated') },
          { value: 'disabled', label: t('disabled') },
          { value: 'quit', label: t('quit') },
        ]}
      />
      <DataScope />
      {values['orgId'] ? (
        <Checkbox
          checked={values['direct'] === '1'}
          onChange={event => set({ direct: event.target.checked ? 1 : undefined, pageNo: undefined })}
          style={{ alignItems: 'center' }}
        >
          {t('directOnly')}
        </Checkbox>
      ) : null}
    </Filters>
  )
}

const filters = ['text', 'status', 'departments', 'tags'] as const
const path = '/web/directory/members'

/** Nothing more is shown of those who quit at WeCom. */
const hasLeft = (row: Row<typeof path>) => row.status === memberQuit

/** The data scope that a link chose, such as that of a developer. */
function DataScope(): ReactNode {
  const t = useText('directory')
  const [values, set] = useUrlState()
  const { departments = '', tags = '' } = values
  if (departments === '' && tags === '') return null
  const count = (ids: string) => ids.split(',').filter(Boolean).length
  return (
    <Tag
      closable
      style={{ alignSelf: 'center' }}
      onClose={() => set({ departments: undefined, tags: undefined, pageNo: undefined })}
    >
      {t('dataScope', { departments: count(departments), tags: count(tags) })}
    </Tag>
  )
}

function useScope() {
  const [values] = useUrlState()
  return { orgId: values['orgId'] ?? '', fetchChild: values['direct'] === '1' ? '0' : '1' } as const
}

function MemberTable(): ReactNode {
  const t = useText('directory')
  const { open } = useOpen()
  const fixed = useScope()
  // The query is the same as the table's, so only one request is made.
  const { read } = useList(path, { filters, fixed })
  return (
    <>
      {read.data?.isMore ? (
        <Alert
          type="info"
          showIcon
          title={t('moreFound', { n: read.data.total })}
          style={{ marginBottom: 12 }}
        />
      ) : null}
      <ListTable
        path={path}
        label={t('members')}
        rowKey={row => row.userId}
        filters={filters}
        fixed={fixed}
        isNarrowed={fixed.orgId !== ''}
        columns={useMemberColumns(read.data?.isSortable !== false)}
        onOpen={row => hasLeft(row) || open(row.userId)}
        empty={<EmptyState title={t('departmentEmpty')} />}
      />
    </>
  )
}

function useMemberColumns(isSortable: boolean): Column<Row<'/web/directory/members'>>[] {
  const t = useText('directory')
  return [
    {
      key: 'userName',
      title: t('name'),
      sorts: isSortable,
      render: row => <MemberName row={row} isPlain={hasLeft(row)} />,
    },
    {
      key: 'departments',
      title: t('department'),
      render: row => (
        <div className="directory-departments">
          {row.departments.map(one => one.orgName).join('、') || '—'}
        </div>
      ),
    },
    { key: 'position', title: t('position'), wideOnly: true, render: row => row.position || '—' },
    { key: 'mobile', title: t('mobile'), render: row => row.mobile || '—' },
    { key: 'email', title: t('email'), wideOnly: true, render: row => row.email || '—' },
    {
      key: 'status',
      title: t('status'),
      sorts: isSortable,
      render: row => <MemberState status={row.status} />,
    },
  ]
}
