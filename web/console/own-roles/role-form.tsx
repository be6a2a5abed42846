import { Checkbox, Form, Input, Radio, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useFormAct } from '../../ui/data/form-act.ts'
import { useRead } from '../../ui/data/read.ts'
import { useUnsaved } from '../../ui/data/unsaved.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { DatePicker } from '../../ui/fields/dates.tsx'
import { GroupPicker, useGroupsOffered } from '../../ui/fields/group-picker.tsx'
import { DepartmentPicker } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import { clockAt, clockNow, momentPicked } from '../../ui/values/picked.ts'

type Detail = Answer<'/web/roles/role'>
type Values = {
  name: string
  points: string[]
  kind: Detail['role']['range']['kind']
  departments: number[]
  apps: string[]
  developers: string[]
  groups: number[]
  until: Dayjs | null
}

const fields = {
  named: { name: 'name', points: 'points', range: 'kind', groups: 'groups', until: 'until' },
  codes: { '1005': 'departments', '1006': 'groups' },
  otherwise: 'name',
}

function startOf(detail: Detail | undefined): Values {
  if (!detail)
    return {
      name: '',
      points: ['console:use'],
      kind: 'corp',
      departments: [],
      apps: [],
      developers: [],
      groups: [],
      until: null,
    }
  const { name, points, range, groups, until } = detail.role
  const ids = (list: { id: string; name: string }[]) => list.filter(one => one.name).map(one => one.id)
  return {
    name,
    points,
    kind: range.kind,
    departments: ids(range.departments).map(Number),
    apps: ids(range.apps),
    developers: ids(range.developers),
    groups: groups.map(one => one.id),
    until: until === null ? null : clockAt(until),
  }
}

export function RoleForm(props: { detail?: Detail; saved(): void; more?: ReactNode }): ReactNode {
  const t = useText('own-roles')
  const common = useText('common')
  const { detail } = props
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const initial = startOf(detail)
  const kind = Form.useWatch('kind', form) ?? initial.kind
  const isGrouped = useGroupsOffered(initial.groups.length)
  const groupBefore = (id: number) => detail?.role.groups.find(one => one.id === id)?.name
  const act = useFormAct('/web/roles/save', form, fields, {
    done: ({ proposed }) => (proposed === undefined ? t('saved') : common('proposed')),
    refresh: ['/web/roles', '/web/three'],
  })
  const save = async (values: Values) => {
    const { name, points, kind, groups, until } = values
    const done = await act.run({
      ...(detail ? { id: detail.role.id, version: detail.version } : {}),
      name,
      points,
      range: {
        kind,
        ...(kind === 'departments' ? { departmentIds: values.departments } : {}),
        ...(kind === 'apps' ? { appIds: values.apps, devIds: values.developers } : {}),
      },
      groups: groups ?? [],
      ...(until ? { until: momentPicked(until) } : {}),
    })
    if (!done) return
    unsaved.clear()
    props.saved()
  }
  return (
    <DrawerForm<Values>
      form={form}
      name="own-role"
      submit={detail ? common('save') : t('add')}
      isRunning={act.isRunning}
      initialValues={initial}
      onValuesChange={unsaved.touch}
      onFinish={values => void save(values)}
      more={props.more}
    >
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="points" label={t('points')} rules={[{ required: true, message: t('pointsNeeded') }]}>
        <PointsField />
      </Form.Item>
      <Form.Item name="kind" label={t('range')} extra={kind === 'corp' ? undefined : t('rangeHint')}>
        <Radio.Group
          options={[
            { value: 'corp', label: t('rangeCorp') },
            { value: 'departments', label: t('rangeDepartments') },
            { value: 'apps', label: t('rangeApps') },
          ]}
        />
      </Form.Item>
      {kind === 'departments' ? (
        <Form.Item name="departments" label={t('departments')} rules={[{ required: true }]}>
          <DepartmentPicker />
        </Form.Item>
      ) : null}
      {kind === 'apps' ? <AppFields /> : null}
      {isGrouped ? (
        <Form.Item name="groups" label={t('groups')} extra={t('groupsHint')}>
          <GroupPicker nameOf={groupBefore} />
        </Form.Item>
      ) : null}
      <Form.Item name="until" label={t('until')}>
        <DatePicker
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          minDate={clockNow()}
          placeholder={t('noEnd')}
        />
      </Form.Item>
    </DrawerForm>
  )
}

function AppFields(): ReactNode {
  const t = useText('own-roles')
  const { data, error, refetch } = useRead('/web/roles/range-choices')
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  const options = (list: { id: string; name: string }[] = []) =>
    list.map(({ id, name }) => ({ value: id, label: name }))
  const search = { optionFilterProp: 'label' }
  return (
    <>
      <Form.Item name="apps" label={t('apps')}>
        <Select mode="multiple" showSearch={search} options={options(data?.apps)} loading={!data} />
      </Form.Item>
      <Form.Item name="developers" label={t('developers')}>
        <Select mode="multiple" showSearch={search} options={options(data?.developers)} loading={!data} />
      </Form.Item>
    </>
  )
}

/** The points by area, one area a select: few of them are of interest at a time. */
function PointsField(props: { id?: string; value?: string[]; onChange?(value: string[]): void }): ReactNode {
  const { data, error, refetch } = useRead('/web/roles')
  const { value = [], onChange } = props
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading height={120} />
  const givable = new Set(data.givable)
  return (
    <div id={props.id ?? 'points'}>
      {data.areas.map(({ area, words, points }) => {
        const own = points.filter(one => givable.has(one.point))
        const chosen = own.filter(one => value.includes(one.point)).map(one => one.point)
        const others = value.filter(one => !own.some(two => two.point === one))
        if (own.length === 0) return null
        return (
          <details key={area} open={chosen.length > 0}>
            <summary>
              {words} {chosen.length > 0 ? `${chosen.length}/${own.length}` : ''}
            </summary>
            <Checkbox.Group
              style={{ display: 'grid', padding: '4px 0 12px' }}
              value={chosen}
              options={own.map(one => ({ value: one.point, label: one.words }))}
              onChange={now => onChange?.([...others, ...now])}
            />
          </details>
        )
      })}
    </div>
  )
}
