import { Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { type FieldsOf, useFormAct } from '../../ui/data/form-act.ts'
import { useCorpName, useSession } from '../../ui/data/session.tsx'
import { useUnsaved } from '../../ui/data/unsaved.ts'
import { useSecretOnce } from '../../ui/secret-once.tsx'
import { useText } from '../../ui/text.ts'

type Scope = Answer<'/web/admin-tokens'>['scopes'][number]
type TokenForm = {
  name: string
  scopes: Scope[]
  addresses: string[]
  days: number
  reach: 'corp' | 'all'
  code: string
}

const usualDays = 30
const initial = { scopes: ['admin:read'], addresses: [], days: usualDays, reach: 'corp' } as const

const scopeWords = {
  'admin:read': 'tokenScopeRead',
  'admin:directory': 'tokenScopeDirectory',
  'admin:apps': 'tokenScopeApps',
  'admin:developers': 'tokenScopeDevelopers',
  'admin:sync': 'tokenScopeSync',
} as const satisfies Record<Scope, string>

/** Asks what a new token is for, and for a code of the second factor; shows the token once. */
export function MakeToken(props: { made(): void; daysAtMost: number; scopes: readonly Scope[] }): ReactNode {
  const t = useText('system')
  const showOnce = useSecretOnce()
  const unsaved = useUnsaved()
  const [form] = Form.useForm<TokenForm>()
  const act = useFormAct('/web/admin-tokens/add', form, useFields(), { refresh: ['/web/admin-tokens'] })
  const submit = async (wish: TokenForm) => {
    const made = await act.run(wish)
    if (!made) return
    unsaved.clear()
    await showOnce({ title: t('tokenMade'), secrets: [{ label: t('tokenOne'), value: made.token }] })
    props.made()
  }
  return (
    <DrawerForm<TokenForm>
      form={form}
      name="token"
      submit={t('tokenAdd')}
      isRunning={act.isRunning}
      initialValues={initial}
      scrollToFirstError
      onValuesChange={unsaved.touch}
      onFinish={wish => void submit(wish)}
    >
      <Form.Item
        name="name"
        label={t('tokenName')}
        extra={t('tokenNameHint')}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={64} autoFocus autoComplete="off" />
      </Form.Item>
      <Reach />
      <Form.Item
        name="scopes"
        label={t('tokenScopes')}
        extra={t('tokenScopesHint')}
        rules={[{ type: 'array', min: 1 }]}
      >
        <Checkbox.Group
          className="system-scopes"
          options={props.scopes.map(value => ({
            value,
            label: (
              <>
                {t(scopeWords[value])} <code className="wisp-quiet">{value}</code>
              </>
            ),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="addresses"
        label={t('tokenAddresses')}
        extra={t('tokenAddressesHint')}
        rules={[{ required: true }]}
      >
        <Select mode="tags" tokenSeparators={[',', ' ', '，']} open={false} suffixIcon={null} />
      </Form.Item>
      <Form.Item
        name="days"
        label={t('tokenDays')}
        extra={t('tokenDaysHint', { n: props.daysAtMost })}
        rules={[{ required: true }]}
      >
        <InputNumber min={1} max={props.daysAtMost} precision={0} />
      </Form.Item>
      <Form.Item name="code" label={t('tokenCode')} rules={[{ required: true }]}>
        <Input autoComplete="one-time-code" />
      </Form.Item>
    </DrawerForm>
  )
}

/** A wrong code is refused as what may not be done, and too many of them as what is done too often. */
function useFields(): FieldsOf {
  const t = useText('developers')
  return {
    named: { name: 'name', scopes: 'scopes', [t('ips')]: 'addresses', addresses: 'addresses', days: 'days' },
    codes: { 1009: 'code', 1010: 'code' },
  }
}

function Reach(): ReactNode {
  const t = useText('system')
  const corp = useCorpName()
  const { isSystem } = useSession()
  if (!isSystem) return null
  return (
    <Form.Item name="reach" label={t('tokenCorp')}>
      <Radio.Group
        options={[
          { value: 'corp', label: corp },
          { value: 'all', label: t('tokenAll') },
        ]}
      />
    </Form.Item>
  )
}
