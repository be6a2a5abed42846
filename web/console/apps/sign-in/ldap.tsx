import { Alert, Button, Checkbox, Form, Input, Radio, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { GroupPicker, useGroupsOffered } from '../../../ui/fields/group-picker.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { DepartmentPicker } from '../../../ui/pickers.tsx'
import { useSecretOnce } from '../../../ui/secret-once.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyButton } from '../../../ui/values/copy.tsx'
import { State } from '../../../ui/values/state.tsx'

const path = '/web/apps/ldap'
type ClientAnswer = Answer<typeof path>
type Client = NonNullable<ClientAnswer['client']>

const fields = ['mail', 'mobile', 'employeeNumber', 'title', 'groups', 'ad', 'posix'] as const
const placeholder = 'BIND_PASSWORD'

type Values = {
  name: string
  range: 'everyone' | 'some'
  departments: number[]
  fields: string[]
  memberGroups: number[]
  card: boolean
}

/** The program that asks about people of this app by LDAP. */
export function LdapPart({ id }: { id: string }): ReactNode {
  const read = useRead(path, { id })
  const [secret, setSecret] = useState('')
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={320} />
  const { data } = read
  return (
    <div className="sign-in-main">
      <ClientForm id={id} shown={data} reread={() => read.refetch()} onSecret={setSecret} />
      {data.client ? <Made id={id} client={data.client} onSecret={setSecret} /> : null}
      {data.client ? <Programs list={data.configurations} secret={secret} /> : null}
    </div>
  )
}

function valuesOf({ client }: ClientAnswer): Values {
  if (!client)
    return {
      name: '',
      range: 'everyone',
      departments: [],
      fields: ['mail', 'groups'],
      memberGroups: [],
      card: false,
    }
  const { name, everyone, departments, fields: given, memberGroups, card } = client
  return { name, range: everyone ? 'everyone' : 'some', departments, fields: given, memberGroups, card }
}

function ClientForm(props: {
  id: string
  shown: ClientAnswer
  reread(): Promise<unknown>
  onSecret(secret: string): void
}): ReactNode {
  const t = useText('ldap')
  const { id, shown, reread, onSecret } = props
  const showSecret = useShowSecret()
  const object = useObjectForm<Values, '/web/apps/ldap/save', number>('/web/apps/ldap/save', {
    shown: valuesOf(shown),
    version: shown.version,
    labels: {
      name: t('name'),
      range: t('range'),
      departments: t('departments'),
      fields: t('fields'),
      memberGroups: t('memberGroups'),
      card: t('card'),
    },
    fields: {
      named: { name: 'name', departments: 'departments', fields: 'fields', memberGroups: 'memberGroups' },
      codes: { '1005': 'departments', '1006': 'memberGroups', '1008': 'card' },
    },
    reread,
    done: t(shown.client ? 'saved' : 'opened'),
    refresh: [path],
  })
  const range = Form.useWatch<Values['range'] | undefined>('range', object.form) ?? valuesOf(shown).range
  const given = Form.useWatch<string[] | undefined>('fields', object.form) ?? valuesOf(shown).fields
  const isGrouped = useGroupsOffered(shown.groupNames.length) && given.includes('groups')
  const save = async ({ name, departments, memberGroups = [], card }: Values) => {
    const everyone = range === 'everyone'
    const saved = await object.run({
      id,
      version: object.version,
      settings: {
        name,
        everyone,
        departments: everyone ? [] : departments,
        fields: given,
        memberGroups: isGrouped ? memberGroups : [],
        card,
      },
    })
    if (!saved?.secret) return
    onSecret(saved.secret)
    await showSecret(saved.secret)
  }
  return (
    <Panel>
      <p className="wisp-quiet">{t('hint')}</p>
      {shown.client?.url === '' ? (
        <Alert type="warning" showIcon title={t('notListening')} style={{ marginBottom: 16 }} />
      ) : null}
      <ObjectForm object={object} save={values => void save(values)} name="ldap">
        <Form.Item
          name="name"
          label={t('name')}
          extra={t('nameHint')}
          rules={[{ required: true, whitespace: true }]}
        >
          <Input maxLength={32} placeholder="gitlab" style={{ maxWidth: 360 }} />
        </Form.Item>
        <Form.Item name="range" label={t('range')} extra={t('rangeHint')}>
          <Radio.Group
            options={[
              { value: 'everyone', label: t('everyone') },
              { value: 'some', label: t('some') },
            ]}
          />
        </Form.Item>
        {range === 'some' ? (
          <Form.Item name="departments" label={t('departments')} rules={[{ required: true }]}>
            <DepartmentPicker />
          </Form.Item>
        ) : null}
        <Form.Item name="fields" label={t('fields')} extra={t('fieldsHint')}>
          <Checkbox.Group options={fields.map(value => ({ value, label: t(`field_${value}`) }))} />
        </Form.Item>
        {isGrouped ? (
          <Form.Item name="memberGroups" label={t('memberGroups')} extra={t('memberGroupsHint')}>
            <GroupPicker nameOf={id => shown.groupNames.find(one => one.id === id)?.name} />
          </Form.Item>
        ) : null}
        <Form.Item name="card" valuePropName="checked" extra={t('cardHint')}>
          <Checkbox>{t('card')}</Checkbox>
        </Form.Item>
      </ObjectForm>
    </Panel>
  )
}

function useShowSecret(): (secret: string) => Promise<void> {
  const t = useText('ldap')
  const showOnce = useSecretOnce()
  return secret => showOnce({ title: t('secret'), secrets: [{ label: t('secret'), value: secret }] })
}

/** What the program is set up with. */
function Made(props: { id: string; client: Client; onSecret(secret: string): void }): ReactNode {
  const t = useText('ldap')
  const { id, client, onSecret } = props
  const showSecret = useShowSecret()
  const renew = useAct('/web/apps/ldap/renew-secret', {
    refresh: [path],
    confirm: () => ({ title: `${t('renew')}？`, content: t('renewHint'), okText: t('renew'), danger: true }),
  })
  const remove = useAct('/web/apps/ldap/remove', {
    done: t('removed'),
    refresh: [path],
    confirm: () => ({
      title: `${t('remove')}？`,
      content: t('removeHint'),
      okText: t('remove'),
      danger: true,
    }),
  })
  const renewed = async () => {
    const made = await renew.run({ id })
    if (!made) return
    onSecret(made.secret)
    await showSecret(made.secret)
  }
  return (
    <Panel>
      <dl className="sign-in-facts">
        {(['url', 'bindDn', 'base', 'people', 'groups'] as const).map(name =>
          client[name] === '' ? null : (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd>
                <code>{client[name]}</code>
                <CopyButton value={client[name]} what={t(name)} />
              </dd>
            </div>
          ),
        )}
      </dl>
      <div className="sign-in-line">
        <Button loading={renew.isRunning} onClick={() => void renewed()}>
          {t('renew')}
        </Button>
        <Button danger loading={remove.isRunning} onClick={() => void remove.run({ id })}>
          {t('remove')}
        </Button>
      </div>
    </Panel>
  )
}

function Programs({ list, secret }: { list: ClientAnswer['configurations']; secret: string }): ReactNode {
  const t = useText('ldap')
  const [chosen, setChosen] = useState<string>()
  const shown = list.find(one => one.id === chosen) ?? list[0]
  if (!shown) return null
  const text = secret === '' ? shown.text : shown.text.replaceAll(placeholder, secret)
  const lacks = fields.filter(one => shown.lacks.includes(one)).map(one => t(`field_${one}`))
  return (
    <Panel title={t('configuration')}>
      <div className="sign-in-line">
        <Select
          value={shown.id}
          onChange={setChosen}
          aria-label={t('software')}
          style={{ minWidth: 200 }}
          options={list.map(one => ({ value: one.id, label: one.name }))}
        />
        <State kind={shown.isTried ? 'good' : 'idle'}>{t(shown.isTried ? 'tried' : 'untried')}</State>
        <code className="wisp-quiet">{shown.file}</code>
        <CopyButton value={text} what={shown.name} withText />
      </div>
      {lacks.length > 0 ? (
        <Alert type="warning" showIcon title={t('lacks', { what: lacks.join('、') })} />
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <pre className="sign-in-code" tabIndex={0}>
        {text}
      </pre>
      {text.includes(placeholder) ? <p className="wisp-quiet">{t('secretMissing')}</p> : null}
    </Panel>
  )
}
