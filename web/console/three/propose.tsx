import { Button, Checkbox, Form, Select } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useFormAct } from '../../ui/data/form-act.ts'
import { useSession } from '../../ui/data/session.tsx'
import { MemberPicker, type PickedMember } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import type { Place, State } from './state.ts'

type Values = { role: 'system' | 'security' | 'auditor'; member: PickedMember[]; declared: boolean }

const fields = { named: { declared: 'declared' }, codes: { '1007': 'member' }, otherwise: 'member' }
const roles = ['system', 'security', 'auditor'] as const

/** One of the three proposes to appoint somebody to one of the other roles, or to end the separation. */
export function Propose({ state, place }: { state: State; place: Place }): ReactNode {
  const t = useText('three')
  const { corpId } = useSession()
  const [form] = Form.useForm<Values>()
  const path = place.isInstallation ? '/web/installation/three/propose' : '/web/three/propose'
  const options = { done: t('proposed'), refresh: ['/web/three', '/web/installation/three'] }
  const act = useFormAct(path, form, fields, options)
  const off = useAct(path, { ...options, confirm: () => ({ title: t('askOff'), danger: true }) })
  const appoint = async ({ role, member, declared }: Values) => {
    const given = {
      role,
      userId: member[0]?.userId ?? '',
      ...(declared ? { declared } : {}),
      ...(place.isInstallation ? { corp: corpId } : {}),
    }
    if (await act.run({ kind: 'three.appoint', given })) form.resetFields()
  }
  return (
    <Form<Values>
      form={form}
      name={place.isInstallation ? 'propose-installation' : 'propose'}
      layout="vertical"
      style={{ maxWidth: 560 }}
      initialValues={{ member: [], declared: false }}
      onFinish={values => void appoint(values)}
    >
      <h3>{t('proposal')}</h3>
      <Form.Item name="role" label={t('appointAs')} rules={[{ required: true }]}>
        <Select
          options={roles.filter(role => role !== state.you).map(role => ({ value: role, label: t(role) }))}
        />
      </Form.Item>
      <Form.Item name="member" label={t('member')} rules={[{ required: true }]}>
        <MemberPicker single />
      </Form.Item>
      <Form.Item name="declared" valuePropName="checked">
        <Checkbox>{t('declared')}</Checkbox>
      </Form.Item>
      <Button htmlType="submit" loading={act.isRunning}>
        {t('propose')}
      </Button>{' '}
      <Button danger loading={off.isRunning} onClick={() => void off.run({ kind: 'three.off', given: {} })}>
        {t('proposeOff')}
      </Button>
    </Form>
  )
}
