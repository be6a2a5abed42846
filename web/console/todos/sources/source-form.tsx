import { App, Button, Form, Input, Select, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'
import { SourceAddress, WhereToEnter } from './source-address.tsx'

type Source = Row<'/web/todos/sources'>
type Values = {
  kind: Source['kind']
  name: string
  appId: string | undefined
  match: Source['match']
  addresses: string[]
  systems: string[]
  pcPrefix: string
  appPrefix: string
  unknownSender: boolean
  userName: string
  password: string
}

export const kinds = ['weaver', 'seeyon', 'landray'] as const
const matches = ['userid', 'employeeNo', 'mobile', 'email'] as const
const list = '/web/todos/'
const named = {
  name: 'name',
  allowedIps: 'addresses',
  systems: 'systems',
  pcPrefix: 'pcPrefix',
  appPrefix: 'appPrefix',
  userName: 'userName',
  password: 'password',
}

/** `source` is undefined for a new one. */
export function SourceForm(props: { source: Source | undefined; onDone(): void }): ReactNode {
  const t = useText('todo-sources')
  const { modal } = App.useApp()
  // Its version stays the one that the form was filled from, even when the page reads it again.
  const [one] = useState(props.source)
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const developers = useText('developers')
  const fields = { named: { ...named, [developers('ips')]: 'addresses' } }
  const add = useFormAct('/web/todos/sources/add', form, fields, { refresh: [list, '/web/apps/'] })
  const save = useFormAct('/web/todos/sources/save', form, fields, { done: t('saved'), refresh: [list] })
  const submit = async (values: Values) => {
    const settings = settingsOf(values)
    if (one) {
      if (!(await save.run({ ...settings, id: one.id, version: one.version }))) return
      unsaved.clear()
      props.onDone()
      return
    }
    const made = await add.run({
      ...settings,
      kind: values.kind,
      ...(values.appId ? { appId: values.appId } : {}),
    })
    if (!made) return
    unsaved.clear()
    props.onDone()
    modal.success({
      title: t('addedTitle'),
      width: 640,
      content: (
        <>
          <p>{t('addedNote')}</p>
          <WhereToEnter kind={values.kind} base={made.base} />
        </>
      ),
    })
  }
  return (
    <>
      {one ? <SourceAddress source={one} /> : null}
      <DrawerForm<Values>
        form={form}
        name="todo-source"
        submit={t(one ? 'save' : 'add')}
        isRunning={add.isRunning || save.isRunning}
        more={one ? <Ends source={one} unsaved={unsaved} onDone={props.onDone} /> : null}
        initialValues={initialOf(one)}
        scrollToFirstError
        onValuesChange={unsaved.touch}
        onFinish={values => void submit(values)}
      >
        {one ? null : <NewFields />}
        <Fields />
        <VendorFields kind={one?.kind} hasPassword={one?.hasPassword ?? false} />
      </DrawerForm>
    </>
  )
}

function initialOf(one: Source | undefined): Values {
  return {
    kind: one?.kind ?? 'weaver',
    name: one?.name ?? '',
    appId: one?.appId,
    match: one?.match ?? 'userid',
    addresses: one?.addresses ?? [],
    systems: one?.systems ?? [],
    pcPrefix: one?.pcPrefix ?? '',
    appPrefix: one?.appPrefix ?? '',
    unknownSender: one?.takesUnknownSender ?? false,
    userName: one?.userName ?? '',
    password: '',
  }
}

function settingsOf({ name, match, addresses, systems, pcPrefix, appPrefix, ...rest }: Values) {
  const { unknownSender = false, userName = '', password = '' } = rest
  return {
    name,
    match,
    addresses,
    systems,
    pcPrefix: pcPrefix.trim(),
    appPrefix: appPrefix.trim(),
    unknownSender: unknownSender ? ('1' as const) : ('0' as const),
    userName: userName.trim(),
    ...(password === '' ? {} : { password }),
  }
}

/** What cannot be changed later. */
function NewFields(): ReactNode {
  const t = useText('todo-sources')
  const choices = useRead('/web/apps/list', { pageSize: 200 })
  const apps = choices.data?.list ?? []
  return (
    <>
      <Form.Item name="kind" label={t('kind')}>
        <Select options={kinds.map(value => ({ value, label: t(value) }))} />
      </Form.Item>
      <Form.Item name="appId" label={t('app')} extra={t('appHint')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={apps.map(one => ({ value: one.id, label: one.name }))}
        />
      </Form.Item>
    </>
  )
}

function Fields(): ReactNode {
  const t = useText('todo-sources')
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameMissing') }]}
      >
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="match" label={t('match')} extra={t('matchHint')}>
        <Select options={matches.map(value => ({ value, label: t(`match_${value}`) }))} />
      </Form.Item>
      <Form.Item name="pcPrefix" label={t('pcPrefix')} extra={t('pcPrefixHint')}>
        <Input maxLength={500} inputMode="url" />
      </Form.Item>
      <Form.Item name="appPrefix" label={t('appPrefix')} extra={t('appPrefixHint')}>
        <Input maxLength={500} inputMode="url" />
      </Form.Item>
      <Form.Item name="addresses" label={t('addresses')} extra={t('addressesHint')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ', '、', '\n']} />
      </Form.Item>
      <Form.Item name="systems" label={t('systems')} extra={t('systemsHint')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '、', '\n']} />
      </Form.Item>
    </>
  )
}

function VendorFields(props: { kind: Source['kind'] | undefined; hasPassword: boolean }): ReactNode {
  const t = useText('todo-sources')
  const chosen = Form.useWatch('kind') as Source['kind'] | undefined
  const kind = props.kind ?? chosen ?? 'weaver'
  if (kind === 'weaver')
    return (
      <Form.Item
        name="unknownSender"
        label={t('unknownSender')}
        extra={t('unknownSenderHint')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
    )
  return (
    <>
      <Form.Item name="userName" label={t('user')} extra={t('userHint')}>
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item name="password" label={t('password')}>
        <Input.Password
          maxLength={128}
          autoComplete="new-password"
          placeholder={props.hasPassword ? t('notYet') : ''}
        />
      </Form.Item>
    </>
  )
}

function Ends(props: { source: Source; unsaved: { clear(): void }; onDone(): void }): ReactNode {
  const t = useText('todo-sources')
  const { id, name, enabled } = props.source
  const turn = useAct('/web/todos/sources/switch', {
    done: t('switched'),
    refresh: [list],
    confirm: ({ enabled }) =>
      enabled === '1'
        ? undefined
        : {
            title: t('switchOffAsk', { name }),
            content: t('switchOffWhat'),
            okText: t('switchOff'),
            danger: true,
          },
  })
  const remove = useAct('/web/todos/sources/remove', {
    done: t('removed'),
    refresh: [list],
    confirm: () => ({
      title: t('removeAsk', { name }),
      content: t('removeWhat'),
      okText: t('remove'),
      danger: true,
    }),
  })
  const end = (done: unknown) => {
    if (!done) return
    props.unsaved.clear()
    props.onDone()
  }
  return (
    <>
      <Button
        className="wisp-actions-more"
        loading={turn.isRunning}
        onClick={async () => end(await turn.run({ id, enabled: enabled ? '0' : '1' }))}
      >
        {t(enabled ? 'switchOff' : 'switchOn')}
      </Button>
      <Button danger loading={remove.isRunning} onClick={async () => end(await remove.run({ id }))}>
        {t('remove')}
      </Button>
    </>
  )
}
