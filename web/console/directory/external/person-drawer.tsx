import { Alert, Button, Form, Input, Segmented, TreeSelect } from 'antd'
import type { Dayjs } from 'dayjs'
import { type ReactNode, useState } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer, Row } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading, NotFound } from '../../../ui/feedback.tsx'
import { DatePicker } from '../../../ui/fields/dates.tsx'
import { DepartmentPicker, MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyButton } from '../../../ui/values/copy.tsx'
import { written } from '../../../ui/values/format.ts'
import { clockAt, clockNow, momentPicked } from '../../../ui/values/picked.ts'
import { LinkButton } from '../link-button.tsx'

const path = '/web/external/people'
type Departments = Answer<typeof path>['departments']
type ExternalRow = Row<typeof path>

/** Opened by `?open=new` or `?open=<userid>`. */
export function PersonDrawer(): ReactNode {
  const t = useText('external')
  const { id, open, close } = useOpen()
  return (
    <UrlDrawer title={t(id === 'new' ? 'add' : 'edit')}>
      {id => <Known key={id} id={id} added={open} close={close} />}
    </UrlDrawer>
  )
}

function Known(props: { id: string; added(userId: string): void; close(): void }): ReactNode {
  const { id, added, close } = props
  const isNew = id === 'new'
  const { data, error, refetch } = useRead(path, isNew ? {} : { text: id })
  const ended = useRead(path, { text: id, state: 'ended' }, { enabled: !isNew })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const row = data.list.find(one => one.userId === id)
  if (!isNew && !row) return ended.data?.list.length ? <Ended row={ended.data.list[0]!} /> : <NotFound />
  const form = (
    <PersonForm
      row={row}
      departments={data.departments}
      saved={userId => (isNew ? added(userId) : close())}
    />
  )
  return row ? (
    <>
      <Invitation row={row} />
      {form}
    </>
  ) : (
    form
  )
}

/** What somebody is told by whatever way, since not everybody has a mail address. */
function Invitation({ row }: { row: ExternalRow }): ReactNode {
  const t = useText('external')
  const { corpId } = useSession()
  const { name, mobile, email } = row
  const corp = useRead('/web/sign-in/options', {}).data?.corps.find(one => one.corpId === corpId)
  if (!corp) return null
  const bySms = mobile !== '' && corp.ways.includes('sms')
  if (!bySms && email === '')
    return (
      <Alert
        type="warning"
        showIcon
        style={{ marginBottom: 16 }}
        title={t('noWay')}
        action={<LinkButton to="/console/system/sign-in-ways">{t('openWays')}</LinkButton>}
      />
    )
  const ways = [bySms ? t('inviteBySms', { mobile }) : '', email ? t('inviteByMail', { email }) : '']
  const way = ways.filter(Boolean).join(t('inviteOr'))
  const end = written(row.endsAt, { to: 'minute' })
  const query = new URLSearchParams({ corp: corpId, way: bySms ? 'sms' : 'mail' })
  const address = `${location.origin}/signin?${query}`
  const text = t('invitation', { name, way, address, end })
  return (
    <Alert
      type="info"
      style={{ marginBottom: 16 }}
      title={t('invite')}
      description={text}
      action={<CopyButton value={text} what={t('invite')} withText />}
    />
  )
}

function Ended({ row }: { row: ExternalRow }): ReactNode {
  const t = useText('external')
  return <p>{t('hasEnded', { name: row.name, organisation: row.organisation })}</p>
}

type Values = {
  name: string
  organisation: string
  mobile: string
  email: string
  department?: number
  sponsoredBy: 'member' | 'department'
  sponsor: PickedMember[]
  sponsorDepartments: number[]
  endsAt: Dayjs
}

const fields = {
  named: {
    name: 'name',
    organisation: 'organisation',
    mobile: 'mobile',
    email: 'email',
    endsAt: 'endsAt',
    sponsor: 'sponsor',
  },
  codes: { '1007': 'sponsor', '1005': 'sponsorDepartments' },
  otherwise: 'mobile',
}

const monthsOffered = [1, 3, 6, 12]

function PersonForm(props: {
  row: ExternalRow | undefined
  departments: Departments
  saved(userId: string): void
}): ReactNode {
  const t = useText('external')
  const common = useText('common')
  const { row, departments, saved } = props
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const by = Form.useWatch('sponsoredBy', form)
  const save = useFormAct('/web/external/people/save', form, fields, { done: t('saved'), refresh: [path] })
  const needed = { required: true, message: t('needed') }
  const submit = async ({ endsAt, sponsoredBy, sponsor, sponsorDepartments, ...given }: Values) => {
    const known = row ? { userId: row.userId, version: row.version } : {}
    const [member] = sponsor
    const [department] = sponsorDepartments
    const sponsored =
      sponsoredBy === 'member'
        ? member
          ? { sponsorUserId: member.userId }
          : {}
        : department
          ? { sponsorDepartment: department }
          : {}
    const done = await save.run({ ...given, ...known, ...sponsored, endsAt: momentPicked(endsAt) })
    if (!done) return
    unsaved.clear()
    saved(done.userId)
  }
  return (
    <DrawerForm<Values>
      form={form}
      name="external-person"
      submit={row ? common('save') : t('add')}
      isRunning={save.isRunning}
      initialValues={initial(row)}
      scrollToFirstError
      onValuesChange={unsaved.touch}
      onFinish={values => void submit(values)}
    >
      <Form.Item name="name" label={t('name')} rules={[needed]}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="organisation" label={t('organisation')} rules={[needed]}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="mobile" label={t('mobile')} extra={t(row ? 'contactEnds' : 'contactHint')}>
        <Input maxLength={32} inputMode="tel" />
      </Form.Item>
      <Form.Item name="email" label={t('email')}>
        <Input maxLength={254} inputMode="email" />
      </Form.Item>
      <Form.Item name="sponsoredBy" label={t('sponsor')} extra={t('sponsorHint')}>
        <Segmented
          options={[
            { value: 'member', label: t('byMember') },
            { value: 'department', label: t('byDepartment') },
          ]}
        />
      </Form.Item>
      <Form.Item name="sponsor" label={t('sponsorMember')} hidden={by === 'department'}>
        <MemberPicker single />
      </Form.Item>
      <Form.Item name="sponsorDepartments" label={t('sponsorDepartment')} hidden={by !== 'department'}>
        <DepartmentPicker nameOf={id => (id === row?.sponsorDepartment ? row.sponsorName : undefined)} />
      </Form.Item>
      <Form.Item label={t('endsAt')} extra={t('endsHint')} required>
        <Form.Item name="endsAt" noStyle rules={[needed]}>
          <DatePicker
            format="YYYY-MM-DD HH:mm"
            showTime={{ format: 'HH:mm' }}
            style={{ width: '100%' }}
            minDate={clockNow()}
            maxDate={clockNow().add(366, 'day')}
          />
        </Form.Item>
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginTop: 8 }}>
          {monthsOffered.map(months => (
            <Button
              key={months}
              size="small"
              onClick={() => {
                form.setFieldValue('endsAt', clockNow().add(months, 'month').endOf('day'))
                unsaved.touch()
              }}
            >
              {t('months', { n: months })}
            </Button>
          ))}
        </div>
      </Form.Item>
      <Form.Item name="department" label={t('department')} extra={t('departmentHint')}>
        <DepartmentField departments={departments} />
      </Form.Item>
    </DrawerForm>
  )
}

function initial(row: ExternalRow | undefined) {
  const { sponsorUserId, sponsorName = '', sponsorDepartment = 0 } = row ?? {}
  return {
    name: row?.name ?? '',
    organisation: row?.organisation ?? '',
    mobile: row?.mobile ?? '',
    email: row?.email ?? '',
    ...(row ? { department: row.departmentId } : {}),
    sponsoredBy: sponsorDepartment ? 'department' : 'member',
    sponsor: sponsorUserId ? [{ userId: sponsorUserId, name: sponsorName }] : [],
    sponsorDepartments: sponsorDepartment ? [sponsorDepartment] : [],
    endsAt: row ? clockAt(row.endsAt) : clockNow().add(6, 'month').endOf('day'),
  } as const
}

/** Chooses one of their departments, or adds one below it. */
function DepartmentField(props: {
  departments: Departments
  value?: number
  onChange?(value: number | undefined): void
}): ReactNode {
  const t = useText('external')
  const [name, setName] = useState('')
  const add = useAct('/web/external/department/save', { refresh: [path] })
  const tree = props.departments.map(one => ({
    id: one.id,
    pId: one.parentId,
    value: one.id,
    title: one.name,
  }))
  const make = async () => {
    const parent = props.value === undefined ? {} : { parentId: props.value }
    const made = await add.run({ name, ...parent })
    if (!made) return
    setName('')
    props.onChange?.(made.id)
  }
  return (
    <>
      <TreeSelect
        aria-label={t('department')}
        treeDataSimpleMode
        treeData={tree}
        treeDefaultExpandAll
        allowClear
        placeholder={t('root')}
        style={{ width: '100%' }}
        {...(props.value === undefined ? {} : { value: props.value })}
        onChange={(value: number | undefined) => props.onChange?.(value)}
      />
      <div style={{ display: 'flex', gap: 8, marginTop: 8 }}>
        <Input
          aria-label={t('newDepartment')}
          placeholder={t('newDepartment')}
          maxLength={64}
          value={name}
          onChange={event => setName(event.target.value)}
        />
        <Button disabled={name.trim() === ''} loading={add.isRunning} onClick={() => void make()}>
          {t('addDepartment')}
        </Button>
      </div>
    </>
  )
}
