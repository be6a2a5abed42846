import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, InputNumber, Segmented, Select } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { Fold } from '../../../ui/forms/fold.tsx'
import { DepartmentPicker } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { useFieldName } from './field-name.ts'
import { sourcesPath as list, type Source } from './source.ts'
import '../directory.css'

type Values = Source['settings'] & { name: string; kind: Source['kind']; secret?: string }

const fieldsOf = {
  named: {
    name: 'name',
    developers: 'developers',
    key: 'key',
    fields: 'fields',
    plan: 'plan',
    url: 'url',
    people: 'people',
    base: 'base',
    departmentQuery: 'departmentQuery',
    departments: 'departments',
    secret: 'secret',
    root: 'root',
  },
  codes: { '1005': 'root' },
}

/** Settings of a source: what is needed for its kind first, the rest folded away. */
export function SourceForm(props: {
  source?: Source
  initial: Source['settings']
  fields: readonly string[]
  saved(id: number): void
  more?: ReactNode
}): ReactNode {
  const t = useText('sources')
  const common = useText('common')
  const { source } = props
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const kind = Form.useWatch('kind', form) ?? source?.kind ?? 'file'
  const refresh = [list]
  const add = useFormAct('/web/directory/sources/add', form, fieldsOf, { done: t('saved'), refresh })
  const set = useFormAct('/web/directory/sources/set', form, fieldsOf, { done: t('saved'), refresh })
  const submit = async () => {
    // Fields that are folded away keep their values too.
    const { name, kind, secret, ...settings } = {
      ...props.initial,
      ...source?.settings,
      ...form.getFieldsValue(true),
    } as Values
    const given = secret ? { secret } : {}
    // What a new one of LDAP usually has is known to the server.
    const chosen = source || kind !== 'ldap' ? settings : pick(settings)
    const saved = source
      ? (await set.run({ id: source.id, version: source.version, name, settings: chosen, ...given })) && {
          id: source.id,
        }
      : await add.run({ name, kind, settings: chosen, ...given })
    if (!saved) return
    unsaved.clear()
    props.saved(saved.id)
  }
  const isNewLdap = !source && kind === 'ldap'
  return (
    <DrawerForm<Values>
      form={form}
      name="people-source"
      submit={source ? common('save') : t('add')}
      isRunning={add.isRunning || set.isRunning}
      initialValues={{ ...props.initial, ...source?.settings, name: source?.name ?? '', kind }}
      onValuesChange={() => unsaved.touch()}
      onFinish={() => void submit()}
      more={props.more}
    >
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={64} />
      </Form.Item>
      {source ? null : (
        <Form.Item name="kind" label={t('kind')}>
          <Segmented
            options={(['file', 'sql', 'ldap', 'put'] as const).map(value => ({
              value,
              label: t(`kind_${value}`),
            }))}
          />
        </Form.Item>
      )}
      {kind === 'sql' || kind === 'ldap' ? (
        <Connection kind={kind} hasSecret={source?.hasSecret === true} />
      ) : null}
      {kind === 'put' ? (
        <Form.Item name="developers" label={t('developers')} extra={t('developersHint')}>
          <Select mode="tags" open={false} suffixIcon={null} />
        </Form.Item>
      ) : null}
      {isNewLdap ? null : <Columns fields={props.fields} />}
      <Fold summary={t('advanced')}>
        {isNewLdap ? null : <Advanced kind={kind} />}
        <Limits kind={kind} />
      </Fold>
    </DrawerForm>
  )
}

const pick = ({
  url,
  user,
  people,
  base,
  ca,
  root,
  approval,
  autoAtMost,
  plan,
  deleteAfterDays,
  covers,
}: Source['settings']) => ({
  ...{ url, user, base, ca, root, approval, autoAtMost, plan, deleteAfterDays, covers },
  ...(people ? { people } : {}),
})

function Connection({ kind, hasSecret }: { kind: 'sql' | 'ldap'; hasSecret: boolean }): ReactNode {
  const t = useText('sources')
  const placeholder = kind === 'sql' ? 'postgres://hr.example.com:5432/hr' : 'ldaps://ad.example.com'
  return (
    <>
      <Form.Item name="url" label={t('url')} extra={t(`urlHint_${kind}`)} rules={[{ required: true }]}>
        <Input maxLength={500} placeholder={placeholder} />
      </Form.Item>
      <Form.Item name="user" label={t(`user_${kind}`)}>
        <Input maxLength={256} autoComplete="off" />
      </Form.Item>
      <Form.Item name="secret" label={t('secret')}>
        <Input.Password
          maxLength={500}
          autoComplete="new-password"
          placeholder={hasSecret ? t('kept') : ''}
        />
      </Form.Item>
      {kind === 'ldap' ? (
        <Form.Item name="base" label={t('base')} rules={[{ required: true }]}>
          <Input maxLength={500} placeholder="OU=Staff,DC=example,DC=com" />
        </Form.Item>
      ) : null}
      <Form.Item name="people" label={t(`people_${kind}`)} rules={[{ required: kind === 'sql' }]}>
        <Input.TextArea
          rows={3}
          maxLength={4000}
          placeholder={
            kind === 'sql' ? 'select * from wisp_people' : '(&(objectCategory=person)(objectClass=user))'
          }
        />
      </Form.Item>
    </>
  )
}

function Columns({ fields }: { fields: readonly string[] }): ReactNode {
  const t = useText('sources')
  const nameOf = useFieldName()
  const owners = (['source', 'wecom', 'person'] as const).map(value => ({
    value,
    label: t(`owner_${value}`),
  }))
  return (
    <>
      <Form.Item name="key" label={t('key')} extra={t('keyHint')} rules={[{ required: true }]}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item label={t('fields')} extra={t('fieldsHint')}>
        <Form.List name="fields">
          {(rows, { add, remove }) => (
            <>
              <div className="source-columns" aria-hidden>
                <small>{t('field')}</small>
                <small>{t('column')}</small>
                <small>{t('owner')}</small>
              </div>
              {rows.map(({ key, name }) => (
                <div key={key} className="source-columns">
                  <Form.Item name={[name, 'field']} noStyle>
                    <Select
                      aria-label={t('field')}
                      options={fields.map(value => ({ value, label: nameOf(value) }))}
                    />
                  </Form.Item>
                  <Form.Item name={[name, 'column']} noStyle>
                    <Input aria-label={t('column')} maxLength={64} />
                  </Form.Item>
                  <Form.Item name={[name, 'owner']} noStyle>
                    <Select aria-label={t('owner')} options={owners} />
                  </Form.Item>
                  <Button
                    type="text"
                    aria-label={t('removeField', { name: String(name + 1) })}
                    icon={<DeleteOutlined aria-hidden />}
                    onClick={() => remove(name)}
                  />
                </div>
              ))}
              <div>
                <Button
                  icon={<PlusOutlined aria-hidden />}
                  onClick={() => add({ field: 'position', column: '', owner: 'source' })}
                >
                  {t('addField')}
                </Button>
              </div>
            </>
          )}
        </Form.List>
      </Form.Item>
    </>
  )
}

function Advanced({ kind }: { kind: Source['kind'] }): ReactNode {
  const t = useText('sources')
  const departments = Form.useWatch('departments')
  return (
    <>
      <Form.Item name="userId" label={t('userId')} extra={t('userIdHint')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="match" label={t('match')}>
        <Segmented
          options={(['userId', 'employeeNo'] as const).map(value => ({ value, label: t(`match_${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="status" label={t('status')} extra={t('statusHint')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="departments" label={t('departments')}>
        <Segmented
          options={(['path', 'code', 'none'] as const).map(value => ({
            value,
            label: t(`departments_${value}`),
          }))}
        />
      </Form.Item>
      {kind === 'sql' && departments === 'code' ? (
        <Form.Item name="departmentQuery" label={t('departmentQuery')}>
          <Input.TextArea
            rows={2}
            maxLength={4000}
            placeholder="select code, name, parent from wisp_departments"
          />
        </Form.Item>
      ) : null}
    </>
  )
}

function Limits({ kind }: { kind: Source['kind'] }): ReactNode {
  const t = useText('sources')
  const approval = Form.useWatch('approval')
  return (
    <>
      <Form.Item
        name="root"
        label={t('root')}
        getValueProps={(id: number | undefined) => ({ value: id === undefined ? [] : [id] })}
        getValueFromEvent={([id = 1]: number[]) => id}
      >
        <DepartmentPicker single label={t('root')} />
      </Form.Item>
      <Form.Item name="covers" label={t('covers')}>
        <Select options={(['own', 'all'] as const).map(value => ({ value, label: t(`covers_${value}`) }))} />
      </Form.Item>
      {kind === 'file' ? null : (
        <>
          <Form.Item name="plan" label={t('plan')} extra={t('planHint')}>
            <Input maxLength={64} />
          </Form.Item>
          <Form.Item name="approval" label={t('approval')}>
            <Select
              options={(['ask', 'auto'] as const).map(value => ({ value, label: t(`approval_${value}`) }))}
            />
          </Form.Item>
          {approval === 'auto' ? (
            <Form.Item name="autoAtMost" label={t('autoAtMost')}>
              <InputNumber min={1} max={100_000} precision={0} />
            </Form.Item>
          ) : null}
        </>
      )}
      <Form.Item name="deleteAfterDays" label={t('deleteAfterDays')} extra={t('deleteHint')}>
        <InputNumber min={0} max={3650} precision={0} />
      </Form.Item>
      {kind === 'sql' || kind === 'ldap' ? (
        <Form.Item name="ca" label={t('ca')}>
          <Input.TextArea rows={3} maxLength={20_000} />
        </Form.Item>
      ) : null}
    </>
  )
}
