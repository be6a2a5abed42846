import { Form, Radio } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import type { Row } from '../../ui/data/api.ts'
import type { FieldsOf } from '../../ui/data/form-act.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { FormNews } from '../../ui/forms/news.tsx'
import { useObjectForm } from '../../ui/forms/object-form.tsx'
import { DepartmentPicker, MemberPicker, type PickedMember } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import { ConfirmSelf, useIsSelf } from './confirm-self.tsx'

/** Opened by `?open=new` or `?open=<userId>`. */
export function RoleDrawer(): ReactNode {
  const t = useText('directory')
  const { id, close } = useOpen()
  return (
    <UrlDrawer title={t(id === 'new' ? 'addAdministrator' : 'changeAdministrator')}>
      {userId => (userId === 'new' ? <RoleForm saved={close} /> : <Known userId={userId} saved={close} />)}
    </UrlDrawer>
  )
}

function Known(props: { userId: string; saved(): void }): ReactNode {
  const { data, error, refetch } = useRead('/web/directory/roles', {
    text: props.userId,
    pageSize: 200,
  })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const row = data.list.find(one => one.userId === props.userId)
  return row ? (
    <RoleForm row={row} reread={refetch} saved={props.saved} />
  ) : (
    <NewRole userId={props.userId} saved={props.saved} />
  )
}

function NewRole(props: { userId: string; saved(): void }): ReactNode {
  const { userId } = props
  const { data, error, refetch } = useRead('/web/directory/member', { userId })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  return data ? <RoleForm person={{ userId, userName: data.userName }} saved={props.saved} /> : <Loading />
}

type Fields = {
  member: PickedMember[]
  level: 2 | 3 | 4
  managed: number[]
  viewed: number[]
  /** The person's own userid, typed to lower their own role. */
  confirm: string
}

const levelNames = { 2: 'levelSuper', 3: 'levelGraded', 4: 'levelHelpDesk' } as const

/** Who is no member is told by code; somebody who is an administrator already by nothing but words. */
const fieldsOf: FieldsOf = {
  named: { userId: 'member', departments: 'managed', confirm: 'confirm' },
  codes: { 1005: 'managed', 1007: 'member' },
  otherwise: 'member',
}

type Person = { userId: string; userName: string }

function startOf(row: Row<'/web/directory/roles'> | undefined, given: Person | undefined): Fields {
  const of = (manage: boolean) =>
    (row?.departments ?? []).filter(one => one.manage === manage).map(one => Number(one.orgId))
  const person = row ?? given
  return {
    member: person ? [{ userId: person.userId, name: person.userName }] : [],
    level: row?.level ?? 3,
    managed: of(true),
    viewed: of(false),
    confirm: '',
  }
}

/** `level`: what is proposed for a new administrator. */
export function RoleForm(props: {
  row?: Row<'/web/directory/roles'>
  /** Reads the row again. */
  reread?: () => Promise<unknown>
  person?: Person
  level?: Fields['level']
  saved?: () => void
}): ReactNode {
  const t = useText('directory')
  const common = useText('common')
  const { row } = props
  const initial = { ...startOf(row, props.person), ...(props.level ? { level: props.level } : {}) }
  const object = useObjectForm<Fields, '/web/directory/role-set'>('/web/directory/role-set', {
    shown: initial,
    version: row?.version ?? '',
    labels: {
      level: { label: t('level'), tell: level => t(levelNames[level]) },
      managed: { label: t('departmentsManaged'), tell: ids => departmentsTold(row, ids) },
      viewed: { label: t('departmentsViewed'), tell: ids => departmentsTold(row, ids) },
    },
    fields: fieldsOf,
    reread: props.reread,
    done: ({ proposed }) => (proposed === undefined ? t('roleSaved') : common('proposed')),
    refresh: ['/web/directory', '/web/session', '/web/start'],
  })
  const level = Form.useWatch('level', object.form) ?? initial.level
  const isSelf = useIsSelf(row?.userId ?? '') && row?.level === 2 && level !== 2
  const save = async (fields: Fields) => {
    const of = (ids: number[] | undefined, manage: boolean) =>
      (ids ?? []).map(id => ({ orgId: String(id), manage }))
    const isGraded = fields.level === 3
    const saved = await object.run({
      userId: fields.member[0]?.userId ?? '',
      level: `${fields.level}`,
      departments: isGraded ? [...of(fields.managed, true), ...of(fields.viewed, false)] : [],
      version: object.version,
      confirm: fields.confirm?.trim() ?? '',
    })
    if (saved) props.saved?.()
  }
  return (
    <DrawerForm<Fields>
      form={object.form}
      name="administrator"
      submit={row ? common('save') : t('addAdministrator')}
      isRunning={object.isRunning}
      initialValues={initial}
      onFinish={fields => void save(fields)}
      onValuesChange={object.touch}
    >
      {object.news ? <FormNews news={object.news} discard={object.reset} /> : null}
      <Form.Item name="member" label={t('administratorPick')} rules={[{ required: true }]}>
        <MemberPicker single disabled={row !== undefined} />
      </Form.Item>
      <LevelField />
      {level === 3 ? <DepartmentFields /> : null}
      {isSelf ? (
        <Form.Item name="confirm">
          <ConfirmSelf userId={row.userId} />
        </Form.Item>
      ) : null}
    </DrawerForm>
  )
}

function departmentsTold(row: Row<'/web/directory/roles'> | undefined, ids: readonly number[]): string {
  const nameOf = (id: number) => row?.departments.find(one => Number(one.orgId) === id)?.orgName
  return ids.map(id => nameOf(id) ?? String(id)).join('、') || '—'
}

function LevelField(): ReactNode {
  const t = useText('directory')
  const option = (title: string, hint: string) => (
    <span>
      {title}
      <div className="wisp-quiet">{hint}</div>
    </span>
  )
  return (
    <Form.Item name="level" label={t('level')}>
      <Radio.Group
        vertical
        options={[
          { value: 3, label: option(t('levelGraded'), t('levelGradedHint')) },
          { value: 2, label: option(t('levelSuper'), t('levelSuperHint')) },
          { value: 4, label: option(t('levelHelpDesk'), t('levelHelpDeskHint')) },
        ]}
      />
    </Form.Item>
  )
}

function DepartmentFields(): ReactNode {
  const t = useText('directory')
  return (
    <>
      <Form.Item
        name="managed"
        label={t('departmentsManaged')}
        extra={t('departmentsManagedHint')}
        dependencies={['viewed']}
        rules={[
          ({ getFieldValue }) => ({
            validator: async (_rule, managed: number[] | undefined) => {
              const viewed: number[] = getFieldValue('viewed') ?? []
              const all = [...(managed ?? []), ...viewed]
              if (all.length === 0) throw new Error(t('departmentsNeeded'))
              if (new Set(all).size < all.length) throw new Error(t('departmentsTwice'))
            },
          }),
        ]}
      >
        <DepartmentPicker />
      </Form.Item>
      <Form.Item name="viewed" label={t('departmentsViewed')} extra={t('departmentsViewedHint')}>
        <DepartmentPicker />
      </Form.Item>
    </>
  )
}
