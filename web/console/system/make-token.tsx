import { Alert, Checkbox, Form, Input, InputNumber, Modal, Radio, Select } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useCorpName, useSession } from '../../ui/data/session.tsx'
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

const scopeWords = {
  'admin:read': 'tokenScopeRead',
  'admin:directory': 'tokenScopeDirectory',
  'admin:apps': 'tokenScopeApps',
  'admin:developers': 'tokenScopeDevelopers',
  'admin:sync': 'tokenScopeSync',
} as const satisfies Record<Scope, string>

/** Asks what a new token is for, and for a code of the second factor; shows the token once. */
export function MakeToken(props: {
  isOpen: boolean
  onClose(): void
  daysAtMost: number
  scopes: readonly Scope[]
}): ReactNode {
  const t = useText('system')
  const textOf = useErrorText()
  const showOnce = useSecretOnce()
  const [form] = Form.useForm<TokenForm>()
  const act = useAct('/web/admin-tokens/add', { refresh: ['/web/admin-tokens'], isQuiet: true })
  const submit = async (wish: TokenForm) => {
    const made = await act.run(wish)
    if (!made) return form.resetFields(['code'])
    props.onClose()
    await showOnce({ title: t('tokenMade'), secrets: [{ label: t('tokenOne'), value: made.token }] })
  }
  return (
    <Modal
      open={props.isOpen}
      title={t('tokenAdd')}
      okText={t('tokenAdd')}
      destroyOnHidden
      confirmLoading={act.isRunning}
      onCancel={props.onClose}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={{ scopes: ['admin:read'], addresses: [], days: usualDays, reach: 'corp' }}
        onFinish={submit}
      >
        {act.error ? <Alert type="error" showIcon title={textOf(act.error)} /> : null}
        <Form.Item name="name" label={t('tokenName')} extra={t('tokenNameHint')} rules={[{ required: true }]}>
          <Input maxLength={64} autoFocus />
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
                  <code>{value}</code> <span className="wisp-quiet">{t(scopeWords[value])}</span>
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
      </Form>
    </Modal>
  )
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
