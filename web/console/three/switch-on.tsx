import { Button, Checkbox, Form, Input, Table } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useFormAct } from '../../ui/data/form-act.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { MemberPicker, type PickedMember } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import type { Place } from './state.ts'

type Loss = Answer<'/web/three/losses'>['list'][number]
type Values = {
  system: PickedMember[]
  security: PickedMember[]
  auditor: PickedMember[]
  declared: boolean
  confirm: string
}

const fields = {
  named: { declared: 'declared', confirm: 'confirm', security: 'security', auditor: 'auditor' },
  codes: { '1007': 'security' },
  otherwise: 'confirm',
}
const roles = ['system', 'security', 'auditor'] as const

/** Who loses what, and the form that separates the three at once. */
export function SwitchOn({ place }: { place: Place }): ReactNode {
  const t = useText('three')
  const { corpId } = useSession()
  const [form] = Form.useForm<Values>()
  const path = place.isInstallation ? '/web/installation/three/losses' : '/web/three/losses'
  const { data, error, refetch } = useRead(path)
  const act = useFormAct(
    place.isInstallation ? '/web/installation/three/on' : '/web/three/on',
    form,
    fields,
    { done: t('switchedOn'), refresh: ['/web'] },
  )
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const name = place.isInstallation ? 'installation' : corpId
  const save = ({ declared, confirm, ...given }: Values) => {
    const more = { ...(declared ? { declared } : {}), ...(place.isInstallation ? { corp: corpId } : {}) }
    const chosen = roles.flatMap(role => given[role].map(({ userId }) => ({ role, userId, ...more })))
    void act.run({ chosen, confirm })
  }
  return (
    <>
      <h3>{t('losses')}</h3>
      <Table<Loss>
        size="small"
        pagination={{ pageSize: 10, hideOnSinglePage: true }}
        rowKey="userId"
        dataSource={data.list}
        aria-label={t('losses')}
        expandable={{ expandedRowRender: ({ points }) => points.join('；') }}
        columns={[
          { title: t('who'), render: (_, one) => `${one.userName || t('account')} ${one.userId}` },
          { title: t('loses'), render: (_, { points }) => t('lossesOf', { n: points.length }) },
        ]}
      />
      <p className="wisp-quiet">{t('endings', { n: data.tokens })}</p>
      <Form<Values>
        form={form}
        name={place.isInstallation ? 'on-installation' : 'on'}
        layout="vertical"
        style={{ maxWidth: 560 }}
        initialValues={{ system: [], security: [], auditor: [], declared: false, confirm: '' }}
        onFinish={save}
      >
        <Form.Item name="system" label={t('system')} extra={t('systemHelp')}>
          <MemberPicker />
        </Form.Item>
        <Form.Item name="security" label={t('security')} rules={[{ required: true }]}>
          <MemberPicker />
        </Form.Item>
        <Form.Item name="auditor" label={t('auditor')} rules={[{ required: true }]}>
          <MemberPicker />
        </Form.Item>
        <Form.Item name="declared" valuePropName="checked">
          <Checkbox>{t('declared')}</Checkbox>
        </Form.Item>
        <Form.Item name="confirm" label={t('confirm', { name })} rules={[{ required: true }]}>
          <Input autoComplete="off" />
        </Form.Item>
        <Button type="primary" danger htmlType="submit" loading={act.isRunning}>
          {t('switchOn')}
        </Button>
      </Form>
    </>
  )
}
