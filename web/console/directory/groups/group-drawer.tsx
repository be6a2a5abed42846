import { Alert, Button, Form, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { GroupMembers, PreviewView } from './group-people.tsx'
import { RuleField } from './rule-field.tsx'
import { noRule, type RuleValues, ruleOf, valuesOf } from './rule-form.ts'

/** Opened by `?open=new` or `?open=<number>`. */
export function GroupDrawer(): ReactNode {
  const t = useText('groups')
  const { id, close } = useOpen()
  return (
    <UrlDrawer title={t(id === 'new' ? 'add' : 'edit')} width="wide">
      {id => (id === 'new' ? <GroupForm saved={close} /> : <Known id={Number(id)} close={close} />)}
    </UrlDrawer>
  )
}

type Detail = Answer<'/web/directory/groups/group'>

function Known(props: { id: number; close(): void }): ReactNode {
  const t = useText('groups')
  const { data, error, refetch } = useRead('/web/directory/groups/group', { id: props.id })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const { departments, tags, attributes } = data.gone
  const gone = [...departments, ...tags, ...attributes]
  return (
    <>
      {gone.length > 0 ? (
        <Alert type="warning" showIcon title={t('gone', { names: gone.join('、') })} />
      ) : null}
      {data.isSettled ? null : <Alert type="info" showIcon title={t('scanning', { n: data.scanned })} />}
      <GroupMembers id={data.id} />
      <GroupForm
        key={data.version}
        detail={data}
        saved={props.close}
        more={<Remove detail={data} removed={props.close} />}
      />
    </>
  )
}

function Remove(props: { detail: Detail; removed(): void }): ReactNode {
  const t = useText('groups')
  const { id, name } = props.detail
  const act = useAct('/web/directory/groups/remove', {
    done: t('removed'),
    refresh: ['/web/directory/groups'],
    confirm: () => ({ title: t('confirmRemove', { name }), okText: t('remove'), danger: true }),
  })
  const remove = async () => {
    if (await act.run({ id })) props.removed()
  }
  return (
    <Button danger loading={act.isRunning} onClick={() => void remove()}>
      {t('remove')}
    </Button>
  )
}

type Values = { name: string; note: string; rule: RuleValues; list: PickedMember[] }

const fields = {
  named: { name: 'name', note: 'note', rule: 'rule', userIds: 'list' },
  codes: { '1005': 'rule', '1006': 'rule', '1007': 'list' },
  otherwise: 'rule',
}

function GroupForm(props: { detail?: Detail; saved(): void; more?: ReactNode }): ReactNode {
  const t = useText('groups')
  const common = useText('common')
  const { detail } = props
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const [found, setFound] = useState<Answer<'/web/directory/groups/foresee'>>()
  const refresh = ['/web/directory/groups']
  const save = useFormAct('/web/directory/groups/save', form, fields, { done: t('saved'), refresh })
  const preview = useFormAct('/web/directory/groups/foresee', form, fields)
  const named = detail ? { id: detail.id } : {}
  const given = ({ rule, list }: Values) => {
    try {
      const read = ruleOf(rule)
      return { ...named, ...(read ? { rule: read } : {}), userIds: list.map(one => one.userId) }
    } catch {
      form.setFields([{ name: 'rule', errors: [t('notJson')] }])
      return undefined
    }
  }
  const look = async () => {
    const input = given(form.getFieldsValue())
    const answer = input && (await preview.run(input))
    if (answer) setFound(answer)
  }
  const submit = async (values: Values) => {
    const input = given(values)
    if (!input) return
    const version = detail ? { version: detail.version } : {}
    if (!(await save.run({ ...input, ...version, name: values.name, note: values.note }))) return
    unsaved.clear()
    props.saved()
  }
  return (
    <DrawerForm<Values>
      form={form}
      name="member-group"
      submit={detail ? common('save') : t('add')}
      isRunning={save.isRunning}
      initialValues={{
        name: detail?.name ?? '',
        note: detail?.note ?? '',
        rule: detail ? valuesOf(detail.rule) : { ...noRule, kind: 'all' },
        list: detail?.list ?? [],
      }}
      onValuesChange={() => {
        unsaved.touch()
        setFound(undefined)
      }}
      onFinish={values => void submit(values)}
      more={
        <>
          <Button loading={preview.isRunning} onClick={() => void look()}>
            {t('preview')}
          </Button>
          {props.more}
        </>
      }
    >
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="rule" label={t('rule')} extra={t('ruleHint')}>
        <RuleField />
      </Form.Item>
      <Form.Item name="list" label={t('list')} extra={t('listHint')}>
        <MemberPicker />
      </Form.Item>
      <Form.Item name="note" label={t('note')}>
        <Input maxLength={200} />
      </Form.Item>
      {found ? <PreviewView found={found} /> : null}
    </DrawerForm>
  )
}
