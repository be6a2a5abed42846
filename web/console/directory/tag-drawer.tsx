import { Button, Form, Input, Modal, Table, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerActions } from '../../ui/address/drawer.tsx'
import { UrlDrawer } from '../../ui/address/url-drawer.tsx'
import { type Question, useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { DepartmentPicker, MemberPicker, type PickedMember, useSettled } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import { MemberName } from './member-name.tsx'

/** Opened by `?open=<tagId>`. */
export function TagDrawer(): ReactNode {
  const t = useText('directory')
  return <UrlDrawer title={t('tag')}>{tagId => <TagPage tagId={tagId} />}</UrlDrawer>
}

type Edit = { tagId: string; userIds: string[]; orgIds: string[]; isRemoving?: '1' }

function useTagEdit(confirm?: (edit: Edit) => Question) {
  const t = useText('directory')
  return useAct('/web/directory/tag-edit', {
    refresh: ['/web/directory'],
    done: edited => {
      const names = [...edited.invalidUserIds, ...edited.invalidOrgIds].join('、')
      return names ? t('tagEditedPart', { names }) : t('tagEdited')
    },
    ...(confirm ? { confirm } : {}),
  })
}

function TagPage(props: { tagId: string }): ReactNode {
  const t = useText('directory')
  const { tagId } = props
  const { data, error, refetch } = useRead('/web/directory/tag', { tagId })
  const [isAdding, setAdding] = useState(false)
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <>
      <div className="directory-head">
        <div style={{ flex: 1, minWidth: 0 }}>
          <div style={{ fontSize: 18, fontWeight: 600 }}>{data.tagName}</div>
          <span className="wisp-quiet">
            {t('countOf', { n: data.memberCount })} · {t('countDepartments', { n: data.departmentCount })}
          </span>
        </div>
      </div>
      <TagDepartments tag={data} />
      <TagMembers tag={data} />
      <DrawerActions>
        <Button type="primary" onClick={() => setAdding(true)}>
          {t('tagAdd')}
        </Button>
      </DrawerActions>
      <AddDialog tag={data} isOpen={isAdding} onDone={() => setAdding(false)} />
    </>
  )
}

function TagDepartments({ tag }: { tag: Answer<'/web/directory/tag'> }): ReactNode {
  const t = useText('directory')
  const edit = useTagEdit(({ orgIds }) => ({
    title: t('removeFromTag'),
    content: t('removeDepartmentText', {
      org: tag.departments.find(one => one.orgId === orgIds[0])?.orgName ?? '',
      name: tag.tagName,
    }),
    okText: t('removeFromTag'),
    danger: true,
  }))
  if (tag.departments.length === 0) return null
  return (
    <>
      <h3 className="directory-section">{t('departments')}</h3>
      <ul className="directory-list">
        {tag.departments.map(one => (
          <li key={one.orgId} style={{ display: 'flex', gap: 8 }}>
            <span style={{ flex: 1 }}>{one.path.map(step => step.orgName).join(' / ')}</span>
            {one.canManage ? (
              <Button
                size="small"
                danger
                loading={edit.isRunning}
                onClick={() =>
                  void edit.run({ tagId: tag.tagId, userIds: [], orgIds: [one.orgId], isRemoving: '1' })
                }
              >
                {t('removeFromTag')}
              </Button>
            ) : (
              <Tag variant="filled">{t('onlyThere')}</Tag>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

function TagMembers({ tag }: { tag: Answer<'/web/directory/tag'> }): ReactNode {
  const t = useText('directory')
  const [text, setText] = useState('')
  const [pageNo, setPageNo] = useState(1)
  const [chosen, setChosen] = useState<string[]>([])
  const words = useSettled(text.trim())
  const query = { tagId: tag.tagId, text: words, pageNo, pageSize: 10 }
  const read = useRead('/web/directory/tag-members', query, { keep: true })
  const edit = useTagEdit(({ userIds }) => ({
    title: t('removeFromTag'),
    content: t('removeFromTagText', { n: userIds.length, name: tag.tagName }),
    okText: t('removeFromTag'),
    danger: true,
  }))
  const remove = async () => {
    const edited = await edit.run({ tagId: tag.tagId, userIds: chosen, orgIds: [], isRemoving: '1' })
    if (edited) setChosen([])
  }
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  return (
    <>
      <h3 className="directory-section">{t('members')}</h3>
      <div className="wisp-filters">
        <Input.Search
          allowClear
          aria-label={t('searchAdministrators')}
          placeholder={t('searchAdministrators')}
          style={{ width: 220 }}
          onChange={event => {
            setText(event.target.value)
            setPageNo(1)
          }}
        />
        <Button danger disabled={chosen.length === 0} loading={edit.isRunning} onClick={() => void remove()}>
          {t('removeFromTag')}
        </Button>
        {chosen.length > 0 ? (
          <span style={{ alignSelf: 'center' }}>{t('selectedMembers', { n: chosen.length })}</span>
        ) : null}
      </div>
      <MemberTable read={read} pageNo={pageNo} onPage={setPageNo} chosen={chosen} onChoose={setChosen} />
    </>
  )
}

function MemberTable(props: {
  read: { data: Answer<'/web/directory/tag-members'> | undefined; isFetching: boolean }
  pageNo: number
  onPage(pageNo: number): void
  chosen: string[]
  onChoose(chosen: string[]): void
}): ReactNode {
  const t = useText('directory')
  const { data, isFetching } = props.read
  return (
    <Table
      size="small"
      aria-label={t('members')}
      rowKey="userId"
      loading={isFetching && !data}
      dataSource={data?.list ?? []}
      locale={{ emptyText: <EmptyState title={t('noMembersInTag')} /> }}
      pagination={{
        current: props.pageNo,
        pageSize: 10,
        total: data?.total ?? 0,
        onChange: props.onPage,
        showSizeChanger: false,
        hideOnSinglePage: true,
      }}
      rowSelection={{
        selectedRowKeys: props.chosen,
        preserveSelectedRowKeys: true,
        onChange: keys => props.onChoose(keys.map(String)),
        getCheckboxProps: row => ({
          disabled: !row.canManage,
          'aria-label': row.userName,
        }),
      }}
      columns={[
        { key: 'name', title: t('name'), render: (_value, row) => <MemberName row={row} isPlain /> },
        {
          key: 'departments',
          title: t('department'),
          render: (_value, row) => row.departments.map(one => one.orgName).join('、'),
        },
      ]}
    />
  )
}

function AddDialog(props: { tag: Answer<'/web/directory/tag'>; isOpen: boolean; onDone(): void }): ReactNode {
  const t = useText('directory')
  const [members, setMembers] = useState<PickedMember[]>([])
  const [departments, setDepartments] = useState<number[]>([])
  const edit = useTagEdit()
  const close = () => {
    setMembers([])
    setDepartments([])
    props.onDone()
  }
  const add = async () => {
    const userIds = members.map(one => one.userId)
    const orgIds = departments.map(String)
    if (await edit.run({ tagId: props.tag.tagId, userIds, orgIds })) close()
  }
  return (
    <Modal
      open={props.isOpen}
      title={`${t('addToTag')} · ${props.tag.tagName}`}
      okText={t('addToTag')}
      okButtonProps={{ disabled: members.length + departments.length === 0, loading: edit.isRunning }}
      onOk={() => void add()}
      onCancel={close}
      destroyOnHidden
    >
      <Form layout="vertical">
        <Form.Item label={t('tagAddMembers')} htmlFor="tag-members">
          <MemberPicker id="tag-members" value={members} onChange={setMembers} />
        </Form.Item>
        <Form.Item label={t('tagAddDepartments')} htmlFor="tag-departments">
          <DepartmentPicker
            id="tag-departments"
            needs="manage"
            value={departments}
            onChange={setDepartments}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}
